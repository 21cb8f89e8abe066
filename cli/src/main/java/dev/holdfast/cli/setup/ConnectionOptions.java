package dev.holdfast.cli.setup;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.TransferRate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options about stores on other machines. Restic's words and meanings.
public final class ConnectionOptions {
  private static final long KIB = 1024;

  @Option(
      names = {"-o", "--option"},
      scope = ScopeType.INHERIT,
      paramLabel = "KEY=VALUE",
      description = "set an option of the storage, such as s3.region=eu-central-1; may be repeated")
  List<String> extended = new ArrayList<>();

  @Option(
      names = "--cacert",
      scope = ScopeType.INHERIT,
      split = ",",
      paramLabel = "FILE",
      description =
          "PEM file of certificates to trust instead of the system's (default: $RESTIC_CACERT)")
  List<String> authorities = new ArrayList<>();

  @Option(
      names = "--tls-client-cert",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "PEM file of a certificate and its key to show to the server (default:"
              + " $RESTIC_TLS_CLIENT_CERT)")
  @Nullable String clientCertificate;

  @Option(
      names = "--insecure-tls",
      scope = ScopeType.INHERIT,
      description = "do not check the server's certificate (insecure)")
  boolean insecureTls;

  @Option(
      names = "--http-user-agent",
      scope = ScopeType.INHERIT,
      hidden = true,
      paramLabel = "NAME",
      description = "what to call this program in requests")
  @Nullable String userAgent;

  @Option(
      names = "--stuck-request-timeout",
      scope = ScopeType.INHERIT,
      hidden = true,
      paramLabel = "DURATION",
      description = "time after which a request without progress has failed (default: 5m)")
  @Nullable String stuckAfter;

  @Option(
      names = "--limit-upload",
      scope = ScopeType.INHERIT,
      paramLabel = "RATE",
      description = "write no more than this to the repository, in KiB/s (default: unlimited)")
  long uploadKib;

  @Option(
      names = "--limit-download",
      scope = ScopeType.INHERIT,
      paramLabel = "RATE",
      description = "read no more than this from the repository, in KiB/s (default: unlimited)")
  long downloadKib;

  /// A store at `location`, reached as the options say.
  ///
  /// @throws HoldfastException.Rejected if one of them is not right
  StoreRequest request(
      String location,
      Environment environment,
      Optional<Path> cache,
      boolean cleansCache,
      RetryPolicy retry) {
    return new StoreRequest(
        location, extended, connecting(environment), cache, cleansCache, limits(), retry);
  }

  /// How fast bytes may go to and from the store.
  private StoreRequest.Limits limits() {
    return new StoreRequest.Limits(
        limit("--limit-upload", uploadKib), limit("--limit-download", downloadKib));
  }

  private static OptionalLong limit(String option, long kib) {
    if (kib < 0 || kib > TransferRate.MAX_BYTES_PER_SECOND / KIB) {
      throw new HoldfastException.Rejected(
          option + " " + kib + " is no rate", "give KiB in a second, or 0 for no limit");
    }
    return kib == 0 ? OptionalLong.empty() : OptionalLong.of(kib * KIB);
  }

  private Connecting connecting(Environment environment) {
    List<String> trusted =
        authorities.isEmpty()
            ? environment
                .setting("CACERT")
                .map(files -> List.of(files.split(",", -1)))
                .orElse(List.of())
            : authorities;
    Duration stuck =
        stuckAfter == null
            ? Connecting.STUCK_AFTER
            : GoDuration.parse("--stuck-request-timeout", stuckAfter);
    return new Connecting(
        trusted.stream().map(Path::of).toList(),
        Optional.ofNullable(clientCertificate)
            .or(() -> environment.setting("TLS_CLIENT_CERT"))
            .map(Path::of),
        insecureTls,
        Optional.ofNullable(userAgent).or(() -> environment.setting("HTTP_USER_AGENT")),
        stuck,
        environment.variables());
  }
}
