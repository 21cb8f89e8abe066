package dev.holdfast.engine.recover;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// A network between clients and a PostgreSQL server on this machine, which breaks one connection
/// at one statement.
final class PostgresRelay implements AutoCloseable {
  /// How the connection breaks.
  enum Break {
    /// Before the server gets the statement, and both sides learn of it.
    BEFORE,
    /// Before the server gets the statement, and the server does not learn of it.
    UNNOTICED,
    /// While the statement is under way: the server gets it when [#deliver] is called.
    UNDER_WAY,
    /// When the server has answered, before the client gets the answer.
    AFTER
  }

  /// The first bytes of what a connection begins with, in front of any statement.
  private static final int LENGTH_BYTES = 4;

  /// Codes of requests that ask what the server can do; the real beginning follows.
  private static final Set<Integer> QUESTIONS = Set.of(80877103, 80877104);

  private static final int MESSAGE_BYTES_MAX = 1 << 26;

  private final ServerSocket listener;
  private final int upstream;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch delivery = new CountDownLatch(1);
  private final AtomicInteger broken = new AtomicInteger();
  private volatile Predicate<String> where = _ -> false;
  private volatile Break how = Break.BEFORE;
  private volatile Runnable then = () -> {};
  private volatile Optional<Thread> late = Optional.empty();

  PostgresRelay(int upstream) throws IOException {
    this.upstream = upstream;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// Breaks the connection of the first statement that matches.
  ///
  /// @param what is done while the connection is broken, before anybody can know
  void breakAt(Predicate<String> statement, Break way, Runnable what) {
    how = way;
    then = what;
    where = statement;
  }

  /// How many connections it broke.
  int broken() {
    return broken.get();
  }

  /// Lets arrive what was under way; returns when the server has it, or could not be given it.
  void deliver() throws InterruptedException {
    delivery.countDown();
    if (late.isPresent()) {
      late.get().join();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }
  }

  private void connect(Socket client) throws IOException {
    open.add(client);
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Connection connection = new Connection(client, server);
      Thread.ofVirtual().start(connection::requests);
      Thread.ofVirtual().start(connection::answers);
    } catch (IOException e) {
      client.close(); // the server is down
    }
  }

  @Override
  public void close() throws IOException {
    delivery.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /// One client.
  private final class Connection {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    /// From the client to the server, one message after the other.
    void requests() {
      try {
        DataInputStream in = new DataInputStream(client.getInputStream());
        OutputStream out = server.getOutputStream();
        boolean isBegun = false;
        while (true) {
          int type = isBegun ? in.read() : 0;
          if (type < 0) {
            server.close();
            return;
          }
          int length = in.readInt();
          if (length < LENGTH_BYTES || length > MESSAGE_BYTES_MAX) {
            throw new IOException("a message of " + length + " bytes");
          }
          byte[] body = in.readNBytes(length - LENGTH_BYTES);
          byte[] message = message(isBegun, type, body);
          if (type == 'Q' && isHit(new String(body, StandardCharsets.UTF_8))) {
            interrupt(message);
            return;
          }
          out.write(message);
          isBegun = isBegun || !QUESTIONS.contains(number(body));
        }
      } catch (IOException e) {
        close(server);
        close(client);
      }
    }

    private static byte[] message(boolean isBegun, int type, byte[] body) {
      int at = isBegun ? 1 : 0;
      byte[] message = new byte[at + LENGTH_BYTES + body.length];
      message[0] = (byte) type;
      int length = LENGTH_BYTES + body.length;
      for (int i = 0; i < LENGTH_BYTES; i++) {
        message[at + i] = (byte) (length >>> (8 * (LENGTH_BYTES - 1 - i)));
      }
      System.arraycopy(body, 0, message, at + LENGTH_BYTES, body.length);
      return message;
    }

    private static int number(byte[] body) {
      return body.length < LENGTH_BYTES
          ? 0
          : (body[0] & 0xff) << 24
              | (body[1] & 0xff) << 16
              | (body[2] & 0xff) << 8
              | (body[3] & 0xff);
    }

    private boolean isHit(String statement) {
      synchronized (PostgresRelay.this) {
        boolean hit = where.test(statement);
        if (hit) {
          where = _ -> false;
          broken.incrementAndGet();
        }
        return hit;
      }
    }

    private void interrupt(byte[] message) throws IOException {
      silent = true; // nobody hears an answer any more
      switch (how) {
        case BEFORE -> server.close();
        case UNNOTICED -> {}
        case UNDER_WAY ->
            late =
                Optional.of(
                    Thread.ofVirtual()
                        .start(() -> {
                          try {
                            delivery.await();
                            server.getOutputStream().write(message);
                          } catch (IOException | InterruptedException e) {
                            // The server has given up: it never arrives.
                          }
                        }));
        case AFTER -> {
          synchronized (this) {
            server.getOutputStream().write(message);
            awaitAnswer();
          }
        }
      }
      then.run();
      client.setSoLinger(true, 0);
      client.close();
    }

    private boolean answered;

    private synchronized void awaitAnswer() throws IOException {
      try {
        while (!answered) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    /// From the server to the client.
    void answers() {
      byte[] block = new byte[1 << 16];
      try {
        for (int read = server.getInputStream().read(block);
            read >= 0;
            read = server.getInputStream().read(block)) {
          if (silent) {
            synchronized (this) {
              answered = true;
              notifyAll();
            }
          } else {
            client.getOutputStream().write(block, 0, read);
          }
        }
      } catch (IOException e) {
        // The other side ended it.
      }
      synchronized (this) {
        answered = true;
        notifyAll();
      }
      if (!silent) {
        close(client);
      }
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
