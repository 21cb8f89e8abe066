package dev.holdfast.repository.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Injects faults into the calls to the store below, as a [FaultPlan] says, and records the calls.
///
/// A test first runs undisturbed and reads [#calls()]; then it runs once for every call with a
/// fault at that call, and asserts that the outcome is old or new, never neither. Thread-safe if
/// the plan is; with several threads the numbers follow the order of arrival. Closes the store
/// below.
public final class FaultyStore implements ObjectStore {
  /// The methods that a plan can disturb.
  public enum Operation {
    CREATE,
    PUT,
    GET,
    READ,
    LENGTH,
    EXISTS,
    LIST,
    DELETE
  }

  /// One call.
  ///
  /// @param number counts all calls to this store, from 1
  /// @param nth counts the calls of this operation, from 1
  /// @param key the object; null for `CREATE` and `LIST`
  public record Call(int number, Operation operation, int nth, @Nullable ObjectKey key) {}

  /// Calls remembered at most; later ones are disturbed and counted but not remembered.
  public static final int MAX_RECORDED_CALLS = 1_000_000;

  private final ObjectStore store;
  private int total;
  private final Map<Operation, Integer> perOperation = new EnumMap<>(Operation.class);
  private final List<Call> calls = new ArrayList<>();
  private volatile FaultPlan plan;

  public FaultyStore(ObjectStore store, FaultPlan plan) {
    this.store = store;
    this.plan = plan;
  }

  /// Replaces the plan. Counting goes on.
  public void follow(FaultPlan next) {
    plan = next;
  }

  /// The calls so far, oldest first.
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /// How often `operation` was called so far.
  public synchronized int count(Operation operation) {
    return perOperation.getOrDefault(operation, 0);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void create() {
    run(Operation.CREATE, null, store::create);
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    Fault fault = next(Operation.PUT, key);
    ByteBuffer stored = fault instanceof Fault.FlipBit flip ? flipped(flip, content) : content;
    around(fault, () -> store.put(key, stored));
  }

  @Override
  public byte[] get(ObjectKey key) {
    Fault fault = next(Operation.GET, key);
    byte[] bytes = around(fault, () -> store.get(key));
    return switch (fault) {
      case Fault.FlipBit flip -> {
        flip.apply(ByteBuffer.wrap(bytes));
        yield bytes;
      }
      case Fault.Shorten shorten -> Arrays.copyOf(bytes, shorten.kept(bytes.length));
      case Fault.None _, Fault.Before _, Fault.After _, Fault.Meanwhile _ -> bytes;
    };
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    Fault fault = next(Operation.READ, key);
    int position = target.position();
    int wanted = target.remaining();
    around(fault, () -> store.read(key, offset, target));
    if (fault instanceof Fault.FlipBit flip) {
      flip.apply(target.duplicate().position(position));
    } else if (fault instanceof Fault.Shorten shorten && shorten.kept(wanted) < wanted) {
      throw StoreFailure.tooShort(key, offset + shorten.kept(wanted), offset, wanted);
    }
  }

  @Override
  public long length(ObjectKey key) {
    Fault fault = next(Operation.LENGTH, key);
    long length = around(fault, () -> store.length(key));
    return fault instanceof Fault.Shorten shorten ? shorten.kept(length) : length;
  }

  @Override
  public boolean exists(ObjectKey key) {
    return around(next(Operation.EXISTS, key), () -> store.exists(key));
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    run(Operation.LIST, null, () -> store.list(type, each));
  }

  @Override
  public void delete(ObjectKey key) {
    run(Operation.DELETE, key, () -> store.delete(key));
  }

  @Override
  public int connections() {
    return store.connections();
  }

  @Override
  public void close() {
    store.close();
  }

  private void run(Operation operation, @Nullable ObjectKey key, Runnable call) {
    around(next(operation, key), call);
  }

  private Fault next(Operation operation, @Nullable ObjectKey key) {
    Call call;
    synchronized (this) {
      int nth = perOperation.merge(operation, 1, Integer::sum);
      call = new Call(++total, operation, nth, key);
      if (calls.size() < MAX_RECORDED_CALLS) {
        calls.add(call);
      }
    }
    return plan.faultFor(call);
  }

  private static void around(Fault fault, Runnable call) {
    Supplier<Boolean> done =
        () -> {
          call.run();
          return true;
        };
    around(fault, done);
  }

  private static <T> T around(Fault fault, Supplier<T> call) {
    if (fault instanceof Fault.Before before) {
      throw before.failure().get();
    }
    if (fault instanceof Fault.Meanwhile meanwhile) {
      meanwhile.action().run();
    }
    T result = call.get();
    if (fault instanceof Fault.After after) {
      throw after.failure().get();
    }
    return result;
  }

  private static ByteBuffer flipped(Fault.FlipBit flip, ByteBuffer content) {
    ByteBuffer copy = ByteBuffer.allocate(content.remaining());
    copy.put(content.duplicate()).flip();
    flip.apply(copy);
    return copy;
  }
}
