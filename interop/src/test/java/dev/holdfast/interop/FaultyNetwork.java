package dev.holdfast.interop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A network between a client and a server of HTTP on this machine, which does to requests and
/// answers what networks and servers do on bad days.
final class FaultyNetwork implements AutoCloseable {
  /// What happens to one request.
  enum Fault {
    /// Nothing.
    NONE,
    /// The server fails.
    INTERNAL_ERROR,
    /// The server asks for patience.
    SLOW_DOWN,
    /// The connection breaks before the server sees the request.
    RESET_BEFORE,
    /// The connection breaks before the client sees the answer.
    RESET_AFTER,
    /// The answer ends in the middle of its body.
    TRUNCATED,
    /// The answer stands still in the middle of its body, for as long as the client waits.
    STALLED,
    /// The server gets the request twice.
    TWICE,
    /// A bit of the request's body is turned.
    WRONG_REQUEST,
    /// A bit of the answer's body is turned.
    WRONG_ANSWER,
    /// A listing is the one from before.
    STALE_LISTING
  }

  private final ServerSocket listener;
  private final int upstream;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, HttpMessage> listings = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private final List<String> log = new ArrayList<>();
  private volatile Function<HttpMessage, Fault> plan = request -> Fault.NONE;
  private volatile Function<HttpMessage, Optional<HttpMessage>> ownAnswers =
      request -> Optional.empty();
  private volatile boolean ended;

  FaultyNetwork(int upstream) throws IOException {
    this.upstream = upstream;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  String address(String bucketAndPrefix) {
    return "s3:http://127.0.0.1:" + port() + "/" + bucketAndPrefix;
  }

  /// Decides from now on what happens to each request.
  void follow(Function<HttpMessage, Fault> next) {
    plan = next;
  }

  /// Answers some requests itself from now on.
  void answer(Function<HttpMessage, Optional<HttpMessage>> next) {
    ownAnswers = next;
  }

  int requests() {
    return requests.get();
  }

  /// The faults so far.
  synchronized List<String> faults() {
    return List.copyOf(log);
  }

  private void accept() {
    try {
      while (!ended) {
        Socket client = listener.accept();
        open.add(client);
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      open.add(server);
      InputStream in = new BufferedInputStream(client.getInputStream());
      InputStream answers = new BufferedInputStream(server.getInputStream());
      while (true) {
        Optional<HttpMessage> request = HttpMessage.read(in, false);
        if (request.isEmpty() || !relay(request.get(), client, server.getOutputStream(), answers)) {
          return;
        }
      }
    } catch (IOException e) {
      // One side has gone away; the other learns it from the closed connection.
    } finally {
      open.remove(client);
    }
  }

  /// Returns whether the connection goes on.
  private boolean relay(
      HttpMessage request, Socket client, OutputStream server, InputStream answers)
      throws IOException {
    requests.incrementAndGet();
    boolean head = request.method().equals("HEAD");
    OutputStream out = client.getOutputStream();
    Optional<HttpMessage> own = ownAnswers.apply(request);
    if (own.isPresent()) {
      own.get().write(out, head, Integer.MAX_VALUE);
      return true;
    }
    Fault fault = plan.apply(request);
    note(fault, request);
    switch (fault) {
      case INTERNAL_ERROR -> {
        HttpMessage.error("500 Internal Server Error", "InternalError")
            .write(out, head, Integer.MAX_VALUE);
        return true;
      }
      case SLOW_DOWN -> {
        HttpMessage.error("503 Slow Down", "SlowDown").write(out, head, Integer.MAX_VALUE);
        return true;
      }
      case RESET_BEFORE -> {
        return reset(client);
      }
      case NONE,
          RESET_AFTER,
          TRUNCATED,
          STALLED,
          TWICE,
          WRONG_REQUEST,
          WRONG_ANSWER,
          STALE_LISTING -> {}
    }
    HttpMessage sent = fault == Fault.WRONG_REQUEST ? request.withWrongByte() : request;
    HttpMessage answer = exchange(sent, server, answers);
    if (fault == Fault.TWICE) {
      answer = exchange(sent, server, answers);
    }
    return deliver(fault, request, answer, client);
  }

  private static HttpMessage exchange(HttpMessage request, OutputStream server, InputStream answers)
      throws IOException {
    request.write(server, false, Integer.MAX_VALUE);
    return HttpMessage.read(answers, request.method().equals("HEAD"))
        .orElseThrow(() -> new IOException("the server closed the connection"));
  }

  private boolean deliver(Fault fault, HttpMessage request, HttpMessage answer, Socket client)
      throws IOException {
    OutputStream out = client.getOutputStream();
    boolean head = request.method().equals("HEAD");
    HttpMessage delivered = answer;
    if (request.method().equals("GET") && request.target().contains("prefix=")) {
      HttpMessage before = listings.put(request.target(), answer);
      delivered = fault == Fault.STALE_LISTING && before != null ? before : answer;
    }
    switch (fault) {
      case RESET_AFTER -> {
        return reset(client);
      }
      case TRUNCATED -> {
        delivered.write(out, head, answer.body().length / 2);
        return answer.body().length == 0;
      }
      case STALLED -> {
        delivered.write(out, head, answer.body().length / 2);
        if (answer.body().length > 0) {
          awaitEnd(client);
          return false;
        }
        return true;
      }
      case WRONG_ANSWER -> delivered.withWrongByte().write(out, head, Integer.MAX_VALUE);
      case NONE, INTERNAL_ERROR, SLOW_DOWN, RESET_BEFORE, TWICE, WRONG_REQUEST, STALE_LISTING ->
          delivered.write(out, head, Integer.MAX_VALUE);
    }
    return !answer.endsConnection();
  }

  private static boolean reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
    return false;
  }

  /// Until the client gives up or the test is over.
  private void awaitEnd(Socket client) throws IOException {
    while (closed.getCount() > 0 && client.getInputStream().read() >= 0) {
      Thread.onSpinWait();
    }
  }

  private synchronized void note(Fault fault, HttpMessage request) {
    if (fault != Fault.NONE) {
      log.add(fault + " " + request.method() + " " + request.target());
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    closed.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
