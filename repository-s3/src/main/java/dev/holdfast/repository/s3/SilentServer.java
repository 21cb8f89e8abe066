package dev.holdfast.repository.s3;

import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ExtendedOptions;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.S3Address;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/// An empty bucket that is nowhere, for first calls to be made to: the SDK takes a tenth of a
/// second for the first of each kind, in a thread that has nothing else to do.
final class SilentServer implements SdkHttpClient {
  private static final int OK = 200;
  private static final String NOTHING_TAG = "\"d41d8cd98f00b204e9800998ecf8427e\"";
  private static final byte[] NOTHING = {};
  private static final byte[] EMPTY_LIST =
      "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
          .getBytes(StandardCharsets.US_ASCII);

  /// Asks for what every run asks for.
  void ask() {
    S3Address nowhere = new S3Address("localhost", true, "bucket", "");
    S3Settings settings =
        S3Settings.of(ExtendedOptions.parse(List.of(), "s3"), Optional.of("us-east-1"));
    Connecting connecting =
        new Connecting(
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            Connecting.STUCK_AFTER,
            Map.of("AWS_ACCESS_KEY_ID", "nobody", "AWS_SECRET_ACCESS_KEY", "nothing"));
    // Made for its own sake: what really sends is not needed here, but later.
    S3Clients.httpClient(nowhere, connecting).close();
    try (S3Store store =
        new S3Store(
            nowhere,
            settings,
            S3Clients.of(nowhere, settings, connecting, this),
            Clock.systemUTC(),
            notice -> {})) {
      ObjectKey lock = new ObjectKey(ObjectType.LOCK, Hash.read(new byte[Hash.BYTES], 0));
      store.list(ObjectType.LOCK, each -> {});
      store.get(ObjectKey.CONFIG);
      store.put(lock, ByteBuffer.allocate(0));
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        Optional<ContentStreamProvider> body = request.contentStreamProvider();
        if (body.isPresent()) {
          try (InputStream sent = body.get().newStream()) {
            sent.readAllBytes();
          }
        }
        return answer(request);
      }

      @Override
      public void abort() {}
    };
  }

  private static HttpExecuteResponse answer(HttpExecuteRequest request) {
    boolean listing = request.httpRequest().rawQueryParameters().containsKey("list-type");
    byte[] body = listing ? EMPTY_LIST : NOTHING;
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(OK)
                .putHeader("ETag", NOTHING_TAG)
                .putHeader("Content-Length", String.valueOf(body.length))
                .build())
        .responseBody(
            request.httpRequest().method() == SdkHttpMethod.GET
                ? AbortableInputStream.create(new ByteArrayInputStream(body))
                : null)
        .build();
  }

  @Override
  public String clientName() {
    return "silent";
  }

  @Override
  public void close() {}
}
