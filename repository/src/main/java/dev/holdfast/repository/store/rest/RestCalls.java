package dev.holdfast.repository.store.rest;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ConnectionFailure;
import dev.holdfast.repository.store.RestAddress;
import dev.holdfast.repository.store.TlsTrust;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Requests to one server, each of which is given up when nothing moves any more. Thread-safe.
final class RestCalls implements AutoCloseable {
  /// Says that the second version of the protocol is understood, which tells sizes in lists.
  static final String VERSION_2 = "application/vnd.x.restic.rest.v2";

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(30);

  private final HttpClient client;
  private final URI base;
  private final Optional<String> authorization;
  private final Duration stuckAfter;
  private final String userAgent;
  private final ConnectionFailure failures;

  /// What a server answered.
  record Reply(int status, HttpHeaders headers) {
    boolean isDone() {
      return status >= 200 && status < 300;
    }

    /// The length that the server says the content has, or -1.
    long contentLength() {
      return headers.firstValueAsLong("content-length").orElse(-1);
    }

    boolean isFrom(String server) {
      return headers.firstValue("server").orElse("").startsWith(server);
    }
  }

  /// Decides by the head of a reply what is to be done with its bytes.
  interface Receiving {
    Body.Receiver of(Reply head);
  }

  RestCalls(RestAddress address, Connecting connecting) {
    base = address.base();
    stuckAfter = connecting.stuckAfter();
    userAgent = connecting.userAgent().orElse("holdfast");
    failures =
        new ConnectionFailure(
            base.getRawAuthority(), base.getScheme().equals("https"), "rest:http://");
    authorization = credentials(address, connecting).map(RestCalls::basic);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_WITHIN);
    if (base.getScheme().equals("https")) {
      builder.sslContext(TlsTrust.of(connecting).context());
    }
    client = builder.build();
  }

  private static Optional<String> credentials(RestAddress address, Connecting connecting) {
    if (address.credentials().isPresent()) {
      return address.credentials();
    }
    Optional<String> user =
        connecting
            .variable("HOLDFAST_REST_USERNAME")
            .or(() -> connecting.variable("RESTIC_REST_USERNAME"));
    Optional<String> password =
        connecting
            .variable("HOLDFAST_REST_PASSWORD")
            .or(() -> connecting.variable("RESTIC_REST_PASSWORD"));
    return user.map(name -> name + ":" + password.orElse(""));
  }

  private static String basic(String credentials) {
    String pair = credentials.contains(":") ? credentials : credentials + ":";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends a request without content.
  Reply call(String doing, String method, String path, Receiving receiving) {
    Progress progress = new Progress();
    return send(doing, request(path).method(method, BodyPublishers.noBody()), receiving, progress);
  }

  /// Asks for a part of an object.
  Reply range(String path, String doing, long first, long last, Receiving receiving) {
    HttpRequest.Builder request =
        request(path).header("Range", "bytes=" + first + "-" + last).GET();
    return send(doing, request, receiving, new Progress());
  }

  /// Sends the remaining bytes of `content`, whose position stays.
  Reply post(String doing, String path, ByteBuffer content) {
    Progress progress = new Progress();
    BodyPublisher body =
        content.hasRemaining() ? new Pieces(content, progress) : BodyPublishers.noBody();
    HttpRequest.Builder request =
        request(path).header("Content-Type", "application/octet-stream").POST(body);
    return send(doing, request, head -> Body.IGNORED, progress);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Accept", VERSION_2)
            .header("User-Agent", userAgent);
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private Reply send(
      String doing, HttpRequest.Builder request, Receiving receiving, Progress progress) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted while trying to " + doing);
    }
    try {
      CompletableFuture<HttpResponse<Boolean>> running =
          client.sendAsync(
              request.build(),
              head ->
                  new Body(receiving.of(new Reply(head.statusCode(), head.headers())), progress));
      HttpResponse<Boolean> response = await(running, progress);
      failures.answered();
      return new Reply(response.statusCode(), response.headers());
    } catch (IOException e) {
      throw failures.of(doing, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while trying to " + doing);
    }
  }

  /// Waits as long as there is progress.
  private HttpResponse<Boolean> await(
      CompletableFuture<HttpResponse<Boolean>> running, Progress progress)
      throws IOException, InterruptedException {
    try {
      while (true) {
        long leftNanos = stuckAfter.toNanos() - progress.idleNanos();
        if (leftNanos <= 0) {
          throw new HttpTimeoutException(
              "no byte was sent or received for " + stuckAfter.toSeconds() + " s");
        }
        try {
          return running.get(leftNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          // There may have been progress since the waiting began.
        }
      }
    } catch (ExecutionException e) {
      throw thrown(Objects.requireNonNullElse(e.getCause(), e));
    } finally {
      // Ends the request if it still runs.
      running.cancel(true);
    }
  }

  private static IOException thrown(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      switch (each) {
        case HoldfastException known -> throw known;
        case UnresolvedAddressException _ -> {
          UnknownHostException unknown = new UnknownHostException("the name is not known");
          unknown.initCause(cause);
          return unknown;
        }
        default -> {}
      }
    }
    return switch (cause) {
      case IOException io -> io;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
