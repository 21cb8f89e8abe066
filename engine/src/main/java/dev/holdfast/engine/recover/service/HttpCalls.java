package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Sends requests and judges the answers. Follows no redirection, and reads no more of a body than
/// what it has to be judged by.
final class HttpCalls {
  /// No answer to a question whether all is well is longer.
  private static final int BODY_BYTES_MAX = 1 << 20;

  /// One attempt: whoever hangs is asked again as long as there is time.
  private static final Duration ATTEMPT = Duration.ofSeconds(10);

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private final Outside.SecretReader secrets;

  HttpCalls(Outside.SecretReader secrets) {
    this.secrets = secrets;
  }

  /// What came of a request.
  sealed interface Reply {
    /// The answer that was expected.
    record Right() implements Reply {}

    /// Another answer.
    record Wrong(String problem) implements Reply {}

    /// Nobody listens there.
    record Refused(String problem) implements Reply {}

    /// Somebody listens, and there was no answer.
    record Silent(String problem) implements Reply {}

    default boolean isRight() {
      return this instanceof Right;
    }

    /// What is wrong, for people.
    default String problem() {
      return switch (this) {
        case Right _ -> "";
        case Wrong(String text) -> text;
        case Refused(String text) -> text;
        case Silent(String text) -> text;
      };
    }
  }

  /// Sends a request.
  ///
  /// @param limit for this attempt
  /// @throws HoldfastException.Rejected if a secret of it is not there, or no header can hold it
  Reply send(HttpCall call, Duration limit) {
    Duration time = limit.compareTo(ATTEMPT) < 0 ? limit : ATTEMPT;
    HttpRequest request = request(call, time);
    HttpClient client = HttpClient.newBuilder().connectTimeout(time).build();
    try {
      CompletableFuture<HttpResponse<byte[]>> response =
          client.sendAsync(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
      // The client's own limit ends with the headers.
      return judge(call, response.get(time.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return new Reply.Silent("it does not answer within " + time.toSeconds() + " s");
    } catch (ExecutionException e) {
      return failure(e.getCause());
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while the service was asked");
    } finally {
      client.shutdownNow();
    }
  }

  private static Reply failure(@Nullable Throwable cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return cause.getCause() instanceof java.nio.channels.UnresolvedAddressException
          ? new Reply.Silent("its host is not known")
          : new Reply.Refused("it does not answer");
    }
    if (cause instanceof UnknownHostException) {
      return new Reply.Silent("its host is not known");
    }
    if (cause instanceof IOException) {
      String reason = cause.getMessage();
      return new Reply.Silent(
          "it does not answer properly" + (reason == null ? "" : ": " + reason));
    }
    throw new IllegalStateException(cause);
  }

  private static Reply judge(HttpCall call, HttpResponse<byte[]> response) {
    HttpCall.Expectation expect = call.expect();
    if (!expect.accepts(response.statusCode())) {
      return new Reply.Wrong("it answers " + response.statusCode());
    }
    String body = new String(response.body(), StandardCharsets.UTF_8);
    return expect.contains().map(body::contains).orElse(true)
        ? new Reply.Right()
        : new Reply.Wrong("its answer does not contain what is expected");
  }

  /// The request with its secrets.
  HttpRequest request(HttpCall call, Duration limit) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(call.address())
            .timeout(limit)
            .method(
                call.method(),
                call.body()
                    .map(HttpRequest.BodyPublishers::ofString)
                    .orElseGet(HttpRequest.BodyPublishers::noBody));
    for (HttpCall.Header header : call.headers()) {
      String value =
          header.text() + header.secret().map(secret -> secret(header, secret)).orElse("");
      try {
        builder.setHeader(header.name(), value);
      } catch (IllegalArgumentException e) {
        // Its message would show the value.
        throw new HoldfastException.Rejected(
            "the header '%s' of a request to %s cannot be sent"
                .formatted(header.name(), call.place()),
            "its value has characters that no header may have, or Java sets it itself");
      }
    }
    return builder.build();
  }

  private String secret(HttpCall.Header header, Secret secret) {
    return new String(
        secrets.read("the header '" + header.name() + "'", secret), StandardCharsets.UTF_8);
  }

  /// Whether anybody listens at an address.
  boolean canBeReached(URI address) {
    int port = address.getPort();
    if (port < 0) {
      port = address.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT;
    }
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHost(), port), Math.toIntExact(ATTEMPT.toMillis()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
