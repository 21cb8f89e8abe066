package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.NoRepository;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.store.ConnectionFailure;
import dev.holdfast.repository.store.S3Address;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/// Words what the SDK throws: by the codes of S3, never by texts. Each way in which it commonly
/// goes wrong has a hint of its own. Thread-safe.
final class S3Failures {
  private static final int MULTIPLE_CHOICES = 300;
  private static final int MOVED = 301;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;

  private static final Pattern REGION = Pattern.compile("<Region>([a-z0-9-]+)</Region>");

  /// The words of Amazon and Ceph, and older ones of MinIO.
  private static final Set<String> NO_PROTECTION =
      Set.of("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError");

  private final S3Address address;
  private final String region;
  private final String asked;
  private final boolean protects;
  private final ConnectionFailure connection;

  S3Failures(S3Address address, S3Settings settings) {
    this.address = address;
    this.region = S3Clients.region(address, settings);
    this.asked = String.join(" ", settings.forNewObjects());
    this.protects = settings.retention().isPresent();
    this.connection = new ConnectionFailure(address.host(), !address.plainHttp(), "s3:http://");
  }

  /// Notes that the server answered.
  void answered() {
    connection.answered();
  }

  /// Whether the server says that the object does not exist. Other things may be missing too.
  static boolean isMissing(Throwable thrown) {
    return thrown instanceof AwsServiceException e
        && e.statusCode() == NOT_FOUND
        && !code(e).equals("NoSuchBucket");
  }

  /// Whether the server says that there is no bucket.
  static boolean isBucketMissing(Throwable thrown) {
    return thrown instanceof AwsServiceException e && e.statusCode() == NOT_FOUND;
  }

  /// Whether the server says that the object, which is there, has no protection.
  static boolean isUnprotected(Throwable thrown) {
    return thrown instanceof AwsServiceException e && NO_PROTECTION.contains(code(e));
  }

  /// Whether the server refuses, for whatever reason.
  static boolean isForbidden(Throwable thrown) {
    return thrown instanceof AwsServiceException e && e.statusCode() == FORBIDDEN;
  }

  /// Whether the answer had no body that could say what was wrong, as answers to HEAD have none.
  static boolean isMute(Throwable thrown) {
    return thrown instanceof AwsServiceException e
        && (code(e).isEmpty() || code(e).equals(String.valueOf(e.statusCode())));
  }

  /// The failure that `thrown` stands for.
  ///
  /// @param doing what was tried, such as `read config`
  HoldfastException of(String doing, Throwable thrown) {
    return switch (thrown) {
      case HoldfastException e -> e;
      case AwsServiceException e -> answer(doing, e);
      case AbortedException _ -> new Cancelled("interrupted while trying to " + doing);
      case SdkException e -> client(doing, e);
      case IOException e -> connection.of(doing, e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(thrown);
    };
  }

  private HoldfastException client(String doing, SdkException thrown) {
    for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException e) {
        return connection.of(doing, e);
      }
      if (cause instanceof InterruptedException) {
        return new Cancelled("interrupted while trying to " + doing);
      }
    }
    if (String.valueOf(thrown.getMessage()).contains("credentials")) {
      return new Rejected(
          "no credentials for the S3 server " + address.host() + " were found",
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give"
              + " -o s3.unsafe-anonymous-auth=true for a public bucket");
    }
    return new InputOutput(
        "cannot %s: %s".formatted(doing, thrown.getMessage()),
        "check the address and the options of the S3 server",
        thrown);
  }

  private HoldfastException answer(String doing, AwsServiceException e) {
    connection.answered();
    return switch (code(e)) {
      case "NoSuchBucket" ->
          new NoRepository(
              "there is no bucket '%s' at %s".formatted(address.bucket(), address.host()),
              "check the address, or create the repository with 'holdfast init'");
      case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> denied(doing, e);
      case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException" ->
          credentials(e, "it does not know the access key", "check AWS_ACCESS_KEY_ID");
      case "SignatureDoesNotMatch" ->
          credentials(e, "the secret key does not fit", "check AWS_SECRET_ACCESS_KEY");
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
          credentials(e, "the session has expired", "fetch new credentials for AWS_SESSION_TOKEN");
      case "RequestTimeTooSkewed", "RequestExpired" -> skewed(e);
      case "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          wrongRegion(e);
      case "InvalidLocationConstraint" ->
          new InputOutput(
              "the S3 server %s has no region '%s'".formatted(address.host(), region),
              "leave out -o s3.region and AWS_DEFAULT_REGION, or name one of its regions",
              e);
      case "InvalidObjectState" ->
          new InputOutput(
              "cannot %s: it lies in an archive storage class".formatted(doing),
              "restore it with the tools of the cloud, then try again",
              e);
      case "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "IncompleteBody" ->
          new Transient("bytes were garbled on their way to " + address.host(), e);
      case "SlowDown",
          "RequestTimeout",
          "InternalError",
          "ServiceUnavailable",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "OperationAborted" ->
          passing(doing, e);
      default -> byStatus(doing, e);
    };
  }

  private HoldfastException byStatus(String doing, AwsServiceException e) {
    int status = e.statusCode();
    if (status == NOT_IMPLEMENTED) {
      return new Unsupported(
          "the S3 server %s cannot %s: %s".formatted(address.host(), doing, text(e)),
          "leave out the option that asks for it");
    }
    if (status >= SERVER_ERROR
        || status == REQUEST_TIMEOUT
        || status == TOO_MANY_REQUESTS
        || status == CONFLICT) {
      return passing(doing, e);
    }
    if (status >= MULTIPLE_CHOICES && status < MULTIPLE_CHOICES + 100) {
      return wrongRegion(e);
    }
    if (status == FORBIDDEN || status == UNAUTHORIZED) {
      return denied(doing, e);
    }
    return new InputOutput(
        "cannot %s: the S3 server %s says %s".formatted(doing, address.host(), text(e)),
        "check the address and the options of the S3 server"
            + (asked.isEmpty() ? "" : ": it may not know, or not allow, " + asked)
            + (protects ? "; Object Lock must have been enabled when the bucket was created" : ""),
        e);
  }

  private Transient passing(String doing, AwsServiceException e) {
    return new Transient(
        "cannot %s: the S3 server %s says %s".formatted(doing, address.host(), text(e)), e);
  }

  private InputOutput denied(String doing, AwsServiceException e) {
    return new InputOutput(
        "no right to %s in the bucket '%s' at %s: %s"
            .formatted(doing, address.bucket(), address.host(), text(e)),
        "let the credentials list, read, write and delete below that prefix, or use others",
        e);
  }

  private InputOutput credentials(AwsServiceException e, String why, String hint) {
    return new InputOutput(
        "the S3 server %s refuses the credentials: %s".formatted(address.host(), why), hint, e);
  }

  private InputOutput skewed(AwsServiceException e) {
    String theirs = header(e, "Date").map(date -> ", which says " + date).orElse("");
    return new InputOutput(
        "the clock of this machine is too far from that of the S3 server %s%s"
            .formatted(address.host(), theirs),
        "set the clock, and keep it right with NTP",
        e);
  }

  private InputOutput wrongRegion(AwsServiceException e) {
    Optional<String> right = header(e, "x-amz-bucket-region").or(() -> regionInBody(e));
    return new InputOutput(
        "the bucket '%s' is not in the region %s".formatted(address.bucket(), region),
        right
            .map(name -> "give -o s3.region=" + name + " or AWS_DEFAULT_REGION=" + name)
            .orElse("give its region with -o s3.region or AWS_DEFAULT_REGION"),
        e);
  }

  private static Optional<String> regionInBody(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || details.rawResponse() == null) {
      return Optional.empty();
    }
    Matcher region = REGION.matcher(details.rawResponse().asUtf8String());
    return region.find() ? Optional.of(region.group(1)) : Optional.empty();
  }

  private static Optional<String> header(AwsServiceException e, String name) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader(name);
  }

  private static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }

  /// The server's own words.
  private static String text(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String message = details == null ? null : details.errorMessage();
    String code = code(e);
    if (code.isEmpty() && (message == null || message.isEmpty())) {
      return e.statusCode() == MOVED ? "that it is elsewhere" : "status " + e.statusCode();
    }
    return message == null || message.isEmpty() ? code : code + " (" + message + ")";
  }
}
