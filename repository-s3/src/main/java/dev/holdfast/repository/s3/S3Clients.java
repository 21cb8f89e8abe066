package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.repository.store.TlsTrust;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Makes clients of the SDK that do what [S3Store] relies on: no retries and no checksums of their
/// own, bodies sent as they are.
final class S3Clients {
  /// Servers that do not care take this.
  static final String DEFAULT_REGION = "us-east-1";

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(30);

  /// Amazon's own hosts: `s3.amazonaws.com`, `s3.eu-central-1.amazonaws.com`, with dashes instead
  /// of dots in old ones, with `dualstack` and `.cn` in some.
  private static final Pattern AMAZON =
      Pattern.compile(
          "s3(?:[.-](?:dualstack\\.)?(?<region>[a-z]{2}(?:-[a-z]+)+-\\d+))?\\.amazonaws\\.com(?:\\.cn)?");

  /// A region in the place of a host.
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(?:-[a-z]+)+-\\d+");

  /// Names of buckets that can be a part of a host's name under one wildcard certificate.
  private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]");

  private S3Clients() {}

  /// Whether the region has to be found out by asking Amazon.
  static boolean findsRegion(S3Address address, S3Settings settings) {
    return settings.region().isEmpty() && regionOf(address).isEmpty() && isAmazon(address);
  }

  /// The region that requests are signed for at first.
  static String region(S3Address address, S3Settings settings) {
    return settings.region().or(() -> regionOf(address)).orElse(DEFAULT_REGION);
  }

  static S3Client of(S3Address address, S3Settings settings, Connecting connecting) {
    return of(address, settings, connecting, httpClient(address, connecting));
  }

  /// @param http what sends the requests
  static S3Client of(
      S3Address address, S3Settings settings, Connecting connecting, SdkHttpClient http) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(region(address, settings)))
            .credentialsProvider(S3Credentials.of(connecting, settings.anonymous()))
            .httpClient(http)
            .forcePathStyle(usesPaths(address, settings))
            .crossRegionAccessEnabled(findsRegion(address, settings))
            .disableMultiRegionAccessPoints(true)
            .disableS3ExpressSessionAuth(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .profileFile(() -> SharedFiles.of(connecting))
                    .build())
            .overrideConfiguration(override -> {
              override
                  .retryStrategy(AwsRetryStrategy.doNotRetry())
                  .defaultProfileFile(SharedFiles.of(connecting))
                  .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "")
                  .putAdvancedOption(
                      SdkAdvancedClientOption.USER_AGENT_PREFIX,
                      connecting.userAgent().orElse("holdfast"));
            });
    endpoint(address).ifPresent(builder::endpointOverride);
    return builder.build();
  }

  static SdkHttpClient httpClient(S3Address address, Connecting connecting) {
    TlsTrust trust = TlsTrust.of(connecting);
    UrlConnectionHttpClient.Builder builder =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_WITHIN)
            .socketTimeout(connecting.stuckAfter());
    if (address.plainHttp()) {
      // Or else the platform's authorities would be read, which takes long.
      builder.tlsTrustManagersProvider(() -> new TrustManager[0]);
    } else if (trust.trustManagers() != null) {
      builder.tlsTrustManagersProvider(trust::trustManagers);
    }
    if (trust.keyManagers() != null) {
      builder.tlsKeyManagersProvider(trust::keyManagers);
    }
    SdkHttpClient client = builder.build();
    return address.plainHttp() ? new PlainHttp(client) : client;
  }

  private static boolean usesPaths(S3Address address, S3Settings settings) {
    return switch (settings.lookup()) {
      case PATH -> true;
      case DNS -> false;
      case AUTO -> !isAmazon(address) || !DNS_NAME.matcher(address.bucket()).matches();
    };
  }

  private static boolean isAmazon(S3Address address) {
    String host = address.host();
    return REGION.matcher(host).matches() || AMAZON.matcher(host).matches();
  }

  private static Optional<String> regionOf(S3Address address) {
    if (REGION.matcher(address.host()).matches()) {
      return Optional.of(address.host());
    }
    Matcher amazon = AMAZON.matcher(address.host());
    return amazon.matches() ? Optional.ofNullable(amazon.group("region")) : Optional.empty();
  }

  /// Empty where the SDK knows Amazon's endpoint by itself. Always HTTPS: see [PlainHttp].
  private static Optional<URI> endpoint(S3Address address) {
    if (isAmazon(address) && !address.plainHttp()) {
      return Optional.empty();
    }
    String host = address.host();
    if (address.plainHttp() && host.endsWith(":80")) {
      host = host.substring(0, host.length() - ":80".length());
    }
    try {
      return Optional.of(new URI("https://" + host));
    } catch (URISyntaxException e) {
      throw new Rejected(
          "'" + host + "' is no host of an S3 server",
          "write the address as s3:HOST/BUCKET/PREFIX");
    }
  }
}
