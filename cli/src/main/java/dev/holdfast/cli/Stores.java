package dev.holdfast.cli;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.RetryingStore;
import dev.holdfast.repository.store.Sleeper;
import dev.holdfast.repository.store.StoreAddress;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.function.Function;

/// The one place that names concrete stores: turns the location that a person gave into a store.
final class Stores implements Function<String, ObjectStore> {
  private final Console console;
  private final Clock clock;

  Stores(Console console, Clock clock) {
    this.console = console;
    this.clock = clock;
  }

  @Override
  public ObjectStore apply(String location) {
    return new RetryingStore(
        new LocalStore(StoreAddress.parse(location).root()),
        RetryPolicy.DEFAULT,
        this::sayRetry,
        clock,
        Sleeper.REAL,
        new SplittableRandom());
  }

  private void sayRetry(RetryingStore.Retry retry) {
    console.errorLine(
        "holdfast: could not %s, trying again in %d s: %s"
            .formatted(retry.doing(), retry.delay().toSeconds(), retry.failure().getMessage()));
  }
}
