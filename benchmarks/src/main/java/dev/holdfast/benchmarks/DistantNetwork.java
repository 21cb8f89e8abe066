package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A network between programs and a server on this machine that takes its time, like one to a
/// server far away: bytes arrive half of the round trip later in each direction, and a connection
/// takes a round trip to set up. As many bytes as there are pass at once.
final class DistantNetwork implements AutoCloseable {
  private static final int PIECE_BYTES = 64 << 10;

  /// What is under way in one direction of a connection: more than a fast sender has sent within a
  /// tenth of a second.
  private static final int MAX_PIECES = 1024;

  private static final int BACKLOG = 128;

  private final ServerSocket listener;
  private final int upstream;
  private final Duration roundTrip;
  private final Consumer<String> trace;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean ended;

  /// Some bytes under way; none at the end of the stream.
  private record Piece(ByteBuffer bytes, long dueNanos) {}

  /// @param upstream the server's port on this machine
  /// @param trace told the first line of each request
  DistantNetwork(int upstream, Duration roundTrip, Consumer<String> trace) throws IOException {
    this.upstream = upstream;
    this.roundTrip = roundTrip;
    this.trace = trace;
    listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Connections since the last call.
  int takeConnections() {
    return connections.getAndSet(0);
  }

  /// Requests since the last call: how often a client began to send, having got an answer before.
  int takeRequests() {
    return requests.getAndSet(0);
  }

  private void accept() {
    while (!ended) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        AtomicBoolean asks = new AtomicBoolean(true);
        relay(client, server, roundTrip, asks, true);
        relay(server, client, Duration.ZERO, asks, false);
      } catch (IOException e) {
        // Closed, or the server is gone: clients notice.
      }
    }
  }

  /// Carries bytes in one direction.
  ///
  /// @param firstDelay of the first bytes, besides their way
  /// @param asks whether the next bytes of the client are a request
  private void relay(
      Socket from, Socket to, Duration firstDelay, AtomicBoolean asks, boolean requesting) {
    BlockingQueue<Piece> underWay = new ArrayBlockingQueue<>(MAX_PIECES);
    long connected = System.nanoTime() + firstDelay.toNanos();
    Thread.startVirtualThread(() -> {
      try {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[PIECE_BYTES];
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
          if (asks.getAndSet(!requesting) && requesting) {
            requests.incrementAndGet();
            trace.accept(firstLine(buffer, got));
          }
          underWay.put(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, got)), due(connected)));
        }
        underWay.put(new Piece(ByteBuffer.allocate(0), due(connected)));
      } catch (IOException | InterruptedException e) {
        close(from);
        underWay.clear();
        underWay.add(new Piece(ByteBuffer.allocate(0), due(connected)));
      }
    });
    Thread.startVirtualThread(() -> deliver(underWay, to));
  }

  private long due(long connectedNanos) {
    return Math.max(System.nanoTime(), connectedNanos) + roundTrip.toNanos() / 2;
  }

  private void deliver(BlockingQueue<Piece> underWay, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      while (true) {
        Piece piece = underWay.poll(1, TimeUnit.HOURS);
        if (piece == null || !piece.bytes().hasRemaining()) {
          to.shutdownOutput();
          return;
        }
        for (long left = piece.dueNanos() - System.nanoTime();
            left > 0;
            left = piece.dueNanos() - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        out.write(piece.bytes().array());
      }
    } catch (IOException | InterruptedException e) {
      close(to);
      underWay.clear(); // whoever waits for room goes on, and learns it from the socket
    }
  }

  private static String firstLine(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\r');
    return end < 0 ? text : text.substring(0, end);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    listener.close();
    open.forEach(this::close);
  }
}
