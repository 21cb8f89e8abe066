package dev.holdfast.repository.store;

import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/// Decorators that have nothing to do change nothing.
class DecoratorContractTest {
  @Nested
  class Retrying implements ObjectStoreContract {
    private final MemoryStore memory = new MemoryStore();

    @Override
    public ObjectStore store() {
      return new RetryingStore(
          memory,
          RetryPolicy.DEFAULT,
          retry -> {
            throw new AssertionError(retry.toString());
          },
          Clock.systemUTC(),
          (Duration duration) -> {
            throw new AssertionError(duration.toString());
          },
          new SplittableRandom(1));
    }

    @Override
    public ObjectStore reopened() {
      return memory;
    }
  }

  @Nested
  class Faulty implements ObjectStoreContract {
    private final MemoryStore memory = new MemoryStore();
    private final FaultyStore store = new FaultyStore(memory, FaultPlan.none());

    @Override
    public ObjectStore store() {
      return store;
    }

    @Override
    public ObjectStore reopened() {
      return memory;
    }
  }
}
