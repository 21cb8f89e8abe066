package dev.holdfast.interop;

import dev.holdfast.repository.s3.S3Settings;
import dev.holdfast.repository.s3.S3Store;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ExtendedOptions;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.S3Address;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/// A real S3 server on a port of this machine: S3Proxy, with its objects in a folder or in memory.
final class S3Server implements AutoCloseable {
  static final String ID = "the-id-of-the-key";
  static final String SECRET = "the-secret-of-the-key";

  private final S3Proxy server;

  private S3Server(S3Proxy.Builder builder) throws Exception {
    server = builder.awsAuthentication(AuthenticationType.AWS_V4, ID, SECRET).build();
    server.start();
  }

  /// With its buckets as folders of `folder`.
  static S3Server in(Path folder) throws Exception {
    Properties properties = new Properties();
    properties.setProperty(
        "jclouds.filesystem.basedir", Files.createDirectories(folder).toString());
    return new S3Server(
        S3Proxy.builder()
            .blobStore(BlobStores.create("filesystem", properties))
            .endpoint(URI.create("http://127.0.0.1:0")));
  }

  /// With its objects in memory: it knows versions and server-side encryption.
  static S3Server inMemory() throws Exception {
    return new S3Server(
        S3Proxy.builder()
            .blobStore(BlobStores.create("transient", new Properties()))
            .endpoint(URI.create("http://127.0.0.1:0")));
  }

  /// In memory, for encrypted connections.
  static S3Server withTls(Path keyStore, String password) throws Exception {
    return new S3Server(
        S3Proxy.builder()
            .blobStore(BlobStores.create("transient", new Properties()))
            .secureEndpoint(URI.create("https://127.0.0.1:0"))
            .keyStore(keyStore.toString(), password));
  }

  /// In memory, with buckets in the names of hosts.
  static S3Server withVirtualHosts(String domain) throws Exception {
    return new S3Server(
        S3Proxy.builder()
            .blobStore(BlobStores.create("transient", new Properties()))
            .virtualHost(domain)
            .endpoint(URI.create("http://127.0.0.1:0")));
  }

  /// In memory, without a word on headers that it does not know.
  static S3Server ignoringUnknownHeaders() throws Exception {
    return new S3Server(
        S3Proxy.builder()
            .blobStore(BlobStores.create("transient", new Properties()))
            .ignoreUnknownHeaders(true)
            .endpoint(URI.create("http://127.0.0.1:0")));
  }

  /// Has a bucket keep the versions of its objects.
  void keepVersions(String bucket) {
    try (S3Client client = client()) {
      client.putBucketVersioning(request ->
          request
              .bucket(bucket)
              .versioningConfiguration(its -> its.status(BucketVersioningStatus.ENABLED)));
    }
  }

  /// The versions of a bucket's objects that are not the present ones, markers of deleted objects
  /// left out: their ids, with the keys of the objects.
  Map<String, String> olderVersions(String bucket) {
    Map<String, String> versions = new HashMap<>();
    try (S3Client client = client()) {
      client
          .listObjectVersionsPaginator(request -> request.bucket(bucket))
          .versions()
          .forEach(version -> {
            if (!Boolean.TRUE.equals(version.isLatest())) {
              versions.put(version.versionId(), version.key());
            }
          });
    }
    return versions;
  }

  private S3Client client() {
    return S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + port()))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ID, SECRET)))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  int port() {
    return server.getPort();
  }

  int securePort() {
    return server.getSecurePort();
  }

  /// The address of a place, as restic and Holdfast take it.
  String address(String bucketAndPrefix) {
    return "s3:http://127.0.0.1:" + port() + "/" + bucketAndPrefix;
  }

  static Map<String, String> credentials() {
    return Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET, "HOME", "/nonexistent");
  }

  ObjectStore store(String bucket, String prefix, String... options) {
    return store(new S3Address("127.0.0.1:" + port(), true, bucket, prefix), options);
  }

  static ObjectStore store(S3Address address, String... options) {
    return store(address, connecting(credentials()), options);
  }

  static ObjectStore store(S3Address address, Connecting connecting, String... options) {
    return S3Store.at(
        address,
        S3Settings.of(ExtendedOptions.parse(List.of(options), "s3"), Optional.empty()),
        connecting,
        Clock.systemUTC(),
        notice -> {
          throw new AssertionError(notice);
        });
  }

  static Connecting connecting(Map<String, String> environment) {
    return new Connecting(
        List.of(), Optional.empty(), false, Optional.empty(), Connecting.STUCK_AFTER, environment);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // as the server declares it
      throw new AssertionError(e);
    }
  }
}
