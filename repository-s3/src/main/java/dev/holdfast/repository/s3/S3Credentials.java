package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.store.Connecting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;

/// Finds credentials where restic and the tools of AWS look: variables, the shared files with their
/// profiles, a web identity, the container, the machine in the cloud.
final class S3Credentials {
  private static final String ID = "AWS_ACCESS_KEY_ID";
  private static final String SECRET = "AWS_SECRET_ACCESS_KEY";

  private S3Credentials() {}

  static AwsCredentialsProvider of(Connecting connecting, boolean anonymous) {
    if (anonymous) {
      return AnonymousCredentialsProvider.create();
    }
    Optional<AwsCredentials> given =
        pair(connecting, ID, SECRET)
            .or(() -> pair(connecting, "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY"))
            .or(() -> pair(connecting, "MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"));
    return given.isPresent() ? StaticCredentialsProvider.create(given.get()) : found(connecting);
  }

  private static AwsCredentialsProvider found(Connecting connecting) {
    List<AwsCredentialsProvider> places = new ArrayList<>();
    if (connecting.variable("AWS_WEB_IDENTITY_TOKEN_FILE").isPresent()) {
      places.add(WebIdentityTokenFileCredentialsProvider.create());
    }
    places.add(
        ProfileCredentialsProvider.builder()
            .profileFile(SharedFiles.of(connecting))
            .profileName(connecting.variable("AWS_PROFILE").orElse("default"))
            .build());
    places.add(ContainerCredentialsProvider.create());
    places.add(InstanceProfileCredentialsProvider.create());
    return AwsCredentialsProviderChain.builder()
        .credentialsProviders(places)
        .reuseLastProviderEnabled(true)
        .build();
  }

  private static Optional<AwsCredentials> pair(Connecting connecting, String id, String secret) {
    Optional<String> name = connecting.variable(id);
    Optional<String> key = connecting.variable(secret);
    if (name.isPresent() != key.isPresent()) {
      throw new Rejected(
          "%s is set and %s is not"
              .formatted(name.isPresent() ? id : secret, name.isPresent() ? secret : id),
          "set both, or none to take credentials from elsewhere");
    }
    if (name.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> token = connecting.variable("AWS_SESSION_TOKEN").filter(t -> id.equals(ID));
    return Optional.of(
        token.isPresent()
            ? AwsSessionCredentials.create(name.get(), key.get(), token.get())
            : AwsBasicCredentials.create(name.get(), key.get()));
  }
}
