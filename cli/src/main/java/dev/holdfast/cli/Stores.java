package dev.holdfast.cli;

import dev.holdfast.cli.setup.StoreRequest;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.repository.s3.S3Settings;
import dev.holdfast.repository.s3.S3Store;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ExtendedOptions;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.RetryingStore;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.repository.store.Sleeper;
import dev.holdfast.repository.store.StoreAddress;
import java.time.Clock;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/// The one place that names concrete stores: turns the location that a person gave into a store.
final class Stores implements Function<StoreRequest, ObjectStore> {
  /// restic's; neither changes what is done here.
  private static final Set<String> LOCAL_OPTIONS = Set.of("connections", "layout");

  private final Console console;
  private final Clock clock;

  Stores(Console console, Clock clock) {
    this.console = console;
    this.clock = clock;
  }

  @Override
  public ObjectStore apply(StoreRequest request) {
    return switch (StoreAddress.parse(request.location())) {
      case StoreAddress.Local local -> local(local, request);
      case S3Address s3 -> s3(s3, request);
    };
  }

  private ObjectStore local(StoreAddress.Local address, StoreRequest request) {
    ExtendedOptions.parse(request.extended(), "local").requireKnown(LOCAL_OPTIONS);
    return retrying(new LocalStore(address.root()), RetryPolicy.DEFAULT);
  }

  private ObjectStore s3(S3Address address, StoreRequest request) {
    Connecting connecting = request.connecting();
    S3Settings settings =
        S3Settings.of(
            ExtendedOptions.parse(request.extended(), "s3"),
            connecting.variable("AWS_DEFAULT_REGION").or(() -> connecting.variable("AWS_REGION")));
    RetryPolicy policy =
        settings.attempts().map(RetryPolicy.DEFAULT::withMaxAttempts).orElse(RetryPolicy.DEFAULT);
    return retrying(S3Store.at(address, settings, connecting, clock, this::say), policy);
  }

  private ObjectStore retrying(ObjectStore store, RetryPolicy policy) {
    return new RetryingStore(
        store, policy, this::sayRetry, clock, Sleeper.REAL, new SplittableRandom());
  }

  private void sayRetry(RetryingStore.Retry retry) {
    say(
        "could not %s, trying again in %d s: %s"
            .formatted(retry.doing(), retry.delay().toSeconds(), retry.failure().getMessage()));
  }

  private void say(String what) {
    console.errorLine("holdfast: " + what);
  }
}
