package dev.holdfast.cli;

import dev.holdfast.cli.setup.ShellWords;
import dev.holdfast.cli.setup.StoreRequest;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.s3.S3Folder;
import dev.holdfast.repository.s3.S3Settings;
import dev.holdfast.repository.s3.S3Store;
import dev.holdfast.repository.store.CachingStore;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.DistantFolder;
import dev.holdfast.repository.store.ExtendedOptions;
import dev.holdfast.repository.store.LimitedStore;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.PatientFolder;
import dev.holdfast.repository.store.RestAddress;
import dev.holdfast.repository.store.Retries;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.RetryingStore;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.repository.store.SftpAddress;
import dev.holdfast.repository.store.Sleeper;
import dev.holdfast.repository.store.StoreAddress;
import dev.holdfast.repository.store.TransferRate;
import dev.holdfast.repository.store.rest.RestStore;
import dev.holdfast.repository.store.sftp.SftpStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/// The one place that names concrete stores: turns the location that a person gave into a store.
final class Stores implements Function<StoreRequest, ObjectStore> {
  /// restic's; neither changes what is done here.
  private static final Set<String> LOCAL_OPTIONS = Set.of("connections", "layout");

  /// `layout` was restic's up to 0.17, and changes nothing either.
  private static final Set<String> SFTP_OPTIONS =
      Set.of("args", "command", "connections", "layout");

  /// restic's.
  private static final int SFTP_CONNECTIONS = 5;

  private static final int MAX_CONNECTIONS = 1000;

  private final Console console;
  private final Clock clock;

  Stores(Console console, Clock clock) {
    this.console = console;
    this.clock = clock;
  }

  /// Does what the first use of S3 in a process takes longest for.
  static void warmUpS3() {
    S3Store.warmUp();
  }

  @Override
  public ObjectStore apply(StoreRequest request) {
    if (request.cleansCache()) {
      request.cache().ifPresent(cache -> CachingStore.cleanUp(cache, clock));
    }
    requireKnown(request.extended());
    return switch (StoreAddress.parse(request.location())) {
      case StoreAddress.Local local -> local(local, request);
      case RestAddress rest -> rest(rest, request);
      case S3Address s3 -> s3(s3, request);
      case SftpAddress sftp -> sftp(sftp, request);
    };
  }

  /// One script serves several repositories: options of stores that are not used now are no
  /// mistake, but a typing error in them is one. Those of stores that only restic has are left
  /// alone.
  private static void requireKnown(List<String> extended) {
    if (!extended.isEmpty()) {
      ExtendedOptions.parse(extended, "local").requireKnown(LOCAL_OPTIONS);
      ExtendedOptions.parse(extended, "rest").requireKnown(RestStore.OPTIONS);
      ExtendedOptions.parse(extended, "s3").requireKnown(S3Settings.OPTIONS);
      ExtendedOptions.parse(extended, "sftp").requireKnown(SFTP_OPTIONS);
    }
  }

  private ObjectStore local(StoreAddress.Local address, StoreRequest request) {
    return limited(retrying(new LocalStore(address.root()), request.retry()), request);
  }

  private ObjectStore s3(S3Address address, StoreRequest request) {
    S3Settings settings = s3Settings(request);
    return cached(
        retrying(
            S3Store.at(address, settings, request.connecting(), clock, this::say),
            s3Policy(settings, request)),
        request);
  }

  private static S3Settings s3Settings(StoreRequest request) {
    Connecting connecting = request.connecting();
    return S3Settings.of(
        ExtendedOptions.parse(request.extended(), "s3"),
        connecting.variable("AWS_DEFAULT_REGION").or(() -> connecting.variable("AWS_REGION")));
  }

  private static RetryPolicy s3Policy(S3Settings settings, StoreRequest request) {
    return settings.attempts().map(request.retry()::withMaxAttempts).orElse(request.retry());
  }

  /// A place for files that are no repository.
  ///
  /// @throws HoldfastException.Unsupported if such a place can hold none
  DistantFolder folder(StoreRequest request) {
    if (!(StoreAddress.parse(request.location()) instanceof S3Address address)) {
      throw new HoldfastException.Unsupported(
          "exports go into folders and into buckets of S3", "name one of them");
    }
    requireKnown(request.extended());
    S3Settings settings = s3Settings(request);
    return new PatientFolder(
        S3Folder.at(address, settings, request.connecting(), clock, this::say),
        retries(s3Policy(settings, request)),
        rate(request.limits().up()),
        rate(request.limits().down()));
  }

  private ObjectStore cached(ObjectStore unlimited, StoreRequest request) {
    ObjectStore store = limited(unlimited, request);
    Optional<Path> cache = request.cache();
    if (cache.isEmpty()) {
      return store;
    }
    return new CachingStore(store, cache.get(), clock);
  }

  private static ObjectStore limited(ObjectStore store, StoreRequest request) {
    StoreRequest.Limits limits = request.limits();
    return limits.up().isEmpty() && limits.down().isEmpty()
        ? store
        : new LimitedStore(store, rate(limits.up()), rate(limits.down()));
  }

  private static Optional<TransferRate> rate(OptionalLong bytesPerSecond) {
    return bytesPerSecond.isEmpty()
        ? Optional.empty()
        : Optional.of(new TransferRate(bytesPerSecond.getAsLong(), System::nanoTime, Sleeper.REAL));
  }

  private ObjectStore rest(RestAddress address, StoreRequest request) {
    ExtendedOptions options = ExtendedOptions.parse(request.extended(), "rest");
    return cached(
        retrying(new RestStore(address, options, request.connecting()), request.retry()), request);
  }

  private ObjectStore sftp(SftpAddress address, StoreRequest request) {
    ExtendedOptions options = ExtendedOptions.parse(request.extended(), "sftp");
    Optional<String> command = options.text("command");
    Optional<String> arguments = options.text("args");
    if (command.isPresent() && arguments.isPresent()) {
      throw new HoldfastException.Rejected(
          "the extended options sftp.command and sftp.args were both given", "give one of them");
    }
    List<String> words =
        command
            .map(text -> ShellWords.split("sftp.command", text))
            .orElseGet(() ->
                address.sshCommand(
                    arguments.map(text -> ShellWords.split("sftp.args", text)).orElse(List.of())));
    SftpStore store =
        new SftpStore(
            address,
            words,
            options.number("connections", SFTP_CONNECTIONS, 1, MAX_CONNECTIONS),
            request.connecting().stuckAfter(),
            new SecureRandom());
    return cached(retrying(store, request.retry()), request);
  }

  private ObjectStore retrying(ObjectStore store, RetryPolicy policy) {
    return new RetryingStore(store, retries(policy));
  }

  private Retries retries(RetryPolicy policy) {
    return new Retries(policy, this::sayRetry, clock, Sleeper.REAL, new SplittableRandom());
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
