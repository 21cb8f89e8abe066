package dev.holdfast.cli.setup;

import dev.holdfast.repository.store.Connecting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options about stores on other machines. Restic's words and meanings.
public final class ConnectionOptions {
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

  Connecting connecting(Environment environment) {
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
