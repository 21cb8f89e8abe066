package dev.holdfast.repository.store;

import dev.holdfast.repository.store.FaultyStore.Call;
import dev.holdfast.repository.store.FaultyStore.Operation;

/// Decides which calls of a [FaultyStore] are disturbed, and how. Asked in the thread of the call.
@FunctionalInterface
public interface FaultPlan {
  /// The fault of `call`; [Fault.None] to leave it alone.
  Fault faultFor(Call call);

  /// Disturbs nothing.
  static FaultPlan none() {
    return call -> new Fault.None();
  }

  /// Disturbs the one call of that number, counted over all operations from 1.
  static FaultPlan at(int number, Fault fault) {
    return call -> call.number() == number ? fault : new Fault.None();
  }

  /// Disturbs that call and all later ones: a disk that is gone.
  static FaultPlan from(int number, Fault fault) {
    return call -> call.number() >= number ? fault : new Fault.None();
  }

  /// Disturbs the `nth` call of one operation, counted from 1.
  static FaultPlan nth(Operation operation, int nth, Fault fault) {
    return call -> call.operation() == operation && call.nth() == nth ? fault : new Fault.None();
  }

  /// Disturbs every call of one operation.
  static FaultPlan every(Operation operation, Fault fault) {
    return call -> call.operation() == operation ? fault : new Fault.None();
  }
}
