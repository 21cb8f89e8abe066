package dev.holdfast.repository.store.sftp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Requests and their answers, any number at a time. Thread-safe. Once anything goes wrong with the
/// connection, every request fails.
final class Conversation {
  private static final int PROTOCOL_VERSION = 3;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final DataInputStream input;
  private final DataOutputStream output;
  private final Duration stuckAfter;
  private final Map<Integer, CompletableFuture<Packet>> waiting = new ConcurrentHashMap<>();
  private final Set<String> extensions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger ids = new AtomicInteger();
  private volatile long lastNanos = System.nanoTime();
  private volatile @Nullable IOException failure;

  /// Writes what a request holds besides its number.
  interface Writing {
    void to(Packet request);
  }

  /// Agrees on the version.
  ///
  /// @param input what the server says; whoever gave it ends it, and this with it
  /// @param stuckAfter a request has failed when nothing came for so long
  Conversation(InputStream input, OutputStream output, Duration stuckAfter)
      throws IOException, InterruptedException {
    this.input = new DataInputStream(new BufferedInputStream(input, BUFFER_BYTES));
    this.output = new DataOutputStream(new BufferedOutputStream(output, BUFFER_BYTES));
    this.stuckAfter = stuckAfter;
    CompletableFuture<Packet> version = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("sftp-answers").start(() -> read(version));
    send(Packet.of(Packet.INIT).number(PROTOCOL_VERSION));
    agree(await(version));
  }

  private void agree(Packet packet) throws IOException {
    if (packet.type() != Packet.VERSION || packet.number() < PROTOCOL_VERSION) {
      throw new IOException("the server does not speak version 3 of the SFTP protocol");
    }
    while (packet.hasMore()) {
      extensions.add(packet.text());
      packet.data();
    }
  }

  /// Whether the server offers an extension of the protocol.
  boolean has(String extension) {
    return extensions.contains(extension);
  }

  /// Whether nothing can be asked any more.
  boolean isBroken() {
    return failure != null;
  }

  /// Sends a request; the answer comes later.
  ///
  /// @param dataBytes the length of the data in it, besides paths
  CompletableFuture<Packet> ask(int type, int dataBytes, Writing rest) throws IOException {
    int id = ids.incrementAndGet();
    Packet request = Packet.of(type, dataBytes).number(id);
    rest.to(request);
    CompletableFuture<Packet> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    try {
      send(request);
    } catch (IOException e) {
      fail(e);
    }
    IOException broken = failure;
    if (broken != null) {
      // The reader may have gone before this request was there to be told.
      answer.completeExceptionally(broken);
    }
    return answer;
  }

  /// Waits for an answer.
  ///
  /// @throws SftpException if it is a status other than success
  Packet answer(CompletableFuture<Packet> coming) throws IOException, InterruptedException {
    Packet packet = await(coming);
    if (packet.type() == Packet.STATUS) {
      int code = packet.number();
      if (code != SftpException.OK) {
        throw new SftpException(code, packet.hasMore() ? packet.text() : "");
      }
    }
    return packet;
  }

  /// Asks and waits.
  Packet call(int type, Writing rest) throws IOException, InterruptedException {
    return answer(ask(type, 0, rest));
  }

  /// Waits as long as anything comes at all.
  private Packet await(CompletableFuture<Packet> coming) throws IOException, InterruptedException {
    lastNanos = System.nanoTime();
    while (true) {
      long leftNanos = stuckAfter.toNanos() - (System.nanoTime() - lastNanos);
      if (leftNanos <= 0) {
        SocketTimeoutException stuck =
            new SocketTimeoutException("nothing came for " + stuckAfter.toSeconds() + " s");
        fail(stuck);
        throw stuck;
      }
      try {
        return coming.get(leftNanos, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // Something may have come since the waiting began.
      } catch (ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        throw new IOException(Objects.requireNonNullElse(cause.getMessage(), "lost"), cause);
      }
    }
  }

  private synchronized void send(Packet packet) throws IOException {
    ByteBuffer content = packet.written();
    output.writeInt(1 + content.remaining());
    output.writeByte(packet.type());
    output.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
    output.flush();
  }

  /// The reader's work: hands answers to those who wait for them until the connection ends.
  private void read(CompletableFuture<Packet> version) {
    try {
      version.complete(receive());
      while (true) {
        Packet packet = receive();
        CompletableFuture<Packet> answer = waiting.remove(packet.number());
        if (answer != null) {
          answer.complete(packet);
        }
      }
    } catch (IOException e) {
      IOException reason =
          e instanceof EOFException ? new IOException("the connection was closed", e) : e;
      version.completeExceptionally(reason);
      fail(reason);
    }
  }

  private Packet receive() throws IOException {
    int length = input.readInt();
    if (length < 1 || length > Packet.MAX_BYTES) {
      throw new IOException(
          "what came is not the SFTP protocol; the login may print something on its own");
    }
    int type = input.readUnsignedByte();
    byte[] content = new byte[length - 1];
    input.readFully(content);
    lastNanos = System.nanoTime();
    return Packet.received(type, content);
  }

  private void fail(IOException reason) {
    synchronized (waiting) {
      if (failure == null) {
        failure = reason;
      }
    }
    waiting.forEach((id, answer) -> answer.completeExceptionally(reason));
    waiting.clear();
  }
}
