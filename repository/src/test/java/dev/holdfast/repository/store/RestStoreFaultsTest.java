package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.store.rest.RestStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What servers and proxies answer when they are not well.
final class RestStoreFaultsTest {
  private static final byte[] BYTES = Stored.bytes(1, 1000);
  private static final ObjectKey KEY = Stored.key(ObjectType.INDEX, BYTES);
  private static final String VERSION_2 = "application/vnd.x.restic.rest.v2";
  private static final int OK = 200;
  private static final int PARTIAL = 206;

  private final CountDownLatch end = new CountDownLatch(1);
  private ExecutorService threads;
  private HttpServer server;
  private ObjectStore store;
  private volatile Answer answer = exchange -> {};

  /// What the server does with a request.
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            answer.to(exchange);
          }
        });
    server.start();
    store = open(Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() {
    end.countDown();
    store.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private ObjectStore open(Duration stuckAfter) {
    String url = "rest:http://127.0.0.1:" + server.getAddress().getPort() + "/repository/";
    return new RestStore(
        (RestAddress) StoreAddress.parse(url),
        new ExtendedOptions("rest", Map.of()),
        new Connecting(List.of(), Optional.empty(), false, Optional.empty(), stuckAfter, Map.of()));
  }

  private static Answer status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  private static Answer content(int status, String type, byte[] bytes) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static Answer text(String type, String text) {
    return content(OK, type, text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void answerThatMayChangeIsTransient(int status) {
    answer = status(status);
    for (Runnable call : everyCall()) {
      assertThatThrownBy(call::run)
          .isInstanceOf(Transient.class)
          .hasMessageContaining(Integer.toString(status))
          .hasMessageContaining("127.0.0.1");
    }
  }

  @ParameterizedTest
  @CsvSource({"400,400", "401,credentials", "403,refuses", "507,no space", "501,501", "301,301"})
  void answerThatStaysIsNotTriedAgain(int status, String said) {
    answer = status(status);
    assertThatThrownBy(() -> store.put(KEY, ByteBuffer.wrap(BYTES)))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining(said)
        .extracting(e -> ((HoldfastException) e).hint())
        .asString()
        .isNotEmpty();
  }

  private List<Runnable> everyCall() {
    return List.of(
        store::create,
        () -> store.put(KEY, ByteBuffer.wrap(BYTES)),
        () -> store.get(KEY),
        () -> Stored.read(store, KEY, 5, 10),
        () -> store.exists(KEY),
        () -> Stored.list(store, ObjectType.PACK),
        () -> store.delete(KEY));
  }

  @Test
  void bodyThatEndsTooEarlyIsTransient() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(OK, BYTES.length);
          exchange.getResponseBody().write(BYTES, 0, 100);
          throw new IOException("hang up");
        };
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(Transient.class);
    assertThatThrownBy(() -> Stored.list(store, ObjectType.PACK)).isInstanceOf(Transient.class);
  }

  @Test
  void connectionOnWhichNothingMovesIsGivenUp() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(OK, BYTES.length);
          exchange.getResponseBody().write(BYTES, 0, 100);
          exchange.getResponseBody().flush();
          await();
        };
    try (ObjectStore impatient = open(Duration.ofMillis(300))) {
      assertThatThrownBy(() -> impatient.get(KEY)).isInstanceOf(Transient.class);
      answer = exchange -> await();
      assertThatThrownBy(() -> impatient.get(KEY)).isInstanceOf(Transient.class);
    }
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void rangeOfAServerThatIgnoresRangesIsRefusedUnlessItIsAll() {
    answer = content(OK, "application/octet-stream", BYTES);
    assertThat(Stored.read(store, KEY, 0, BYTES.length)).isEqualTo(BYTES);
    assertThatThrownBy(() -> Stored.read(store, KEY, 5, 10))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining("parts of files");
  }

  @Test
  void rangeThatComesShortIsCorruptOnlyIfTheObjectIs() {
    answer =
        exchange -> {
          if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "1000");
            exchange.sendResponseHeaders(OK, -1);
          } else {
            content(PARTIAL, "application/octet-stream", Stored.slice(BYTES, 990, 10)).to(exchange);
          }
        };
    assertThatThrownBy(() -> Stored.read(store, KEY, 990, 20)).isInstanceOf(Corrupt.class);
    assertThatThrownBy(() -> Stored.read(store, KEY, 900, 20)).isInstanceOf(Transient.class);
  }

  @Test
  void objectOfAbsurdLengthIsRefusedBeforeItIsRead() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(OK, Long.MAX_VALUE);
          exchange.getResponseBody().write(BYTES);
          exchange.getResponseBody().flush();
          await();
        };
    assertThatThrownBy(() -> store.get(KEY)).isInstanceOf(Corrupt.class);
  }

  @Test
  void listsOfBothVersionsAreRead() {
    String name = KEY.hash().toHex();
    ObjectInfo info = new ObjectInfo(KEY, BYTES.length);
    answer =
        text(
            VERSION_2,
            "[{\"name\":\"%s\",\"size\":1000,\"more\":[{\"name\":\"x\"}]}]".formatted(name));
    assertThat(Stored.list(store, ObjectType.INDEX)).containsExactly(info);
    answer = text(VERSION_2, "[{\"name\":\"tmp\",\"size\":1}]");
    assertThat(Stored.list(store, ObjectType.INDEX)).isEmpty();
    answer = text(VERSION_2, "null");
    assertThat(Stored.list(store, ObjectType.INDEX)).isEmpty();
    answer =
        exchange -> {
          if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "1000");
            exchange.sendResponseHeaders(OK, -1);
          } else {
            text("application/vnd.x.restic.rest.v1", "[\"" + name + "\"]").to(exchange);
          }
        };
    assertThat(Stored.list(store, ObjectType.INDEX)).containsExactly(info);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{}",
        "[{}]",
        "[{\"name\":\"x\"}]",
        "[{\"size\":1}]",
        "[1,2",
        "<html></html>",
        "[{\"name\":\"x\",\"size\":99999999999999999999999}]",
        "[][]",
        "[[[[[[[[[[[[[[[[[[[["
      })
  void whatIsNoListIsSaidToBeNone(String body) {
    answer = text(VERSION_2, body);
    assertThatThrownBy(() -> Stored.list(store, ObjectType.PACK))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("list of data");
  }

  @Test
  void missingFolderIsEmptyButNotWhereRcloneMeansAFailure() {
    answer = status(404);
    assertThat(Stored.list(store, ObjectType.PACK)).isEmpty();
    answer =
        exchange -> {
          exchange.getResponseHeaders().set("Server", "rclone/v1.60.1");
          exchange.sendResponseHeaders(404, -1);
        };
    assertThatThrownBy(() -> Stored.list(store, ObjectType.PACK)).isInstanceOf(NotFound.class);
    assertThat(Stored.list(store, ObjectType.RECORD)).isEmpty();
  }
}
