package dev.holdfast.repository.store.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Files of another machine, by the protocol. Thread-safe; fails for good when the connection ends.
final class SftpSession implements AutoCloseable {
  private static final String POSIX_RENAME = "posix-rename@openssh.com";
  private static final String FSYNC = "fsync@openssh.com";

  // How a file is opened, section 6.3 of the draft.
  private static final int FOR_READING = 1;
  private static final int FOR_WRITING = 2;
  private static final int CREATE = 8;
  private static final int EXCLUSIVE = 32;

  /// Requests of one transfer that are under way at a time: 1 MiB, which at 20 ms to the server and
  /// back is 50 MB/s.
  private static final int WINDOW = 32;

  private static final int FILE_MODE = 0600;
  private static final int DIRECTORY_MODE = 0700;

  private final Carrier carrier;
  private final Conversation server;

  private SftpSession(Carrier carrier, Conversation server) {
    this.carrier = carrier;
    this.server = server;
  }

  /// Starts the program and greets the server.
  ///
  /// @throws IOException with the program's own words, if it had any
  static SftpSession start(List<String> command, Duration stuckAfter)
      throws IOException, InterruptedException {
    Carrier carrier = Carrier.start(command);
    boolean begun = false;
    try {
      Conversation server =
          new Conversation(
              carrier.process().getInputStream(), carrier.process().getOutputStream(), stuckAfter);
      begun = true;
      return new SftpSession(carrier, server);
    } catch (IOException e) {
      String words = carrier.lastWords();
      throw words.isEmpty() ? e : new IOException(words, e);
    } finally {
      if (!begun) {
        carrier.close();
      }
    }
  }

  boolean isBroken() {
    return server.isBroken();
  }

  Attributes stat(String path) throws IOException, InterruptedException {
    Packet answer = server.call(Packet.STAT, request -> request.text(path));
    return Attributes.read(answer);
  }

  /// Makes directories, all of them at a time; some may exist.
  void makeDirectories(List<String> paths) throws IOException, InterruptedException {
    List<CompletableFuture<Packet>> coming = new ArrayList<>();
    for (String path : paths) {
      coming.add(
          server.ask(
              Packet.MKDIR,
              0,
              request -> request.text(path).number(Packet.HAS_MODE).number(DIRECTORY_MODE)));
    }
    for (int i = 0; i < paths.size(); i++) {
      try {
        server.answer(coming.get(i));
      } catch (SftpException e) {
        if (!isDirectory(paths.get(i))) {
          throw e;
        }
      }
    }
  }

  boolean isDirectory(String path) throws IOException, InterruptedException {
    try {
      return stat(path).isDirectory();
    } catch (SftpException e) {
      if (e.code() == SftpException.NO_SUCH_FILE) {
        return false;
      }
      throw e;
    }
  }

  void remove(String path) throws IOException, InterruptedException {
    server.call(Packet.REMOVE, request -> request.text(path));
  }

  /// Gives a file another name, which may exist if the server can replace files at once, as
  /// OpenSSH's can. Others are made to by removing it first.
  void rename(String from, String to) throws IOException, InterruptedException {
    if (server.has(POSIX_RENAME)) {
      server.call(Packet.EXTENDED, request -> request.text(POSIX_RENAME).text(from).text(to));
      return;
    }
    try {
      server.call(Packet.RENAME, request -> request.text(from).text(to));
    } catch (SftpException e) {
      remove(to);
      server.call(Packet.RENAME, request -> request.text(from).text(to));
    }
  }

  /// Writes a new file and has it brought to the disk, where the server can do that.
  void write(String path, ByteBuffer content) throws IOException, InterruptedException {
    ByteBuffer handle = open(path, FOR_WRITING | CREATE | EXCLUSIVE);
    boolean written = false;
    try {
      Deque<CompletableFuture<Packet>> coming = new ArrayDeque<>();
      ByteBuffer rest = content.duplicate();
      long position = 0;
      while (rest.hasRemaining()) {
        int length = Math.min(Packet.MAX_DATA_BYTES, rest.remaining());
        ByteBuffer piece = rest.slice(rest.position(), length);
        long at = position;
        coming.add(
            server.ask(
                Packet.WRITE, length, request -> request.data(handle).longNumber(at).data(piece)));
        rest.position(rest.position() + length);
        position += length;
        if (coming.size() == WINDOW) {
          server.answer(coming.remove());
        }
      }
      while (!coming.isEmpty()) {
        server.answer(coming.remove());
      }
      if (server.has(FSYNC)) {
        server.call(Packet.EXTENDED, request -> request.text(FSYNC).data(handle));
      }
      written = true;
    } finally {
      close(handle, written);
    }
  }

  /// Fills the remaining bytes of `target` from the file.
  ///
  /// @return how many were there
  int read(String path, long offset, ByteBuffer target) throws IOException, InterruptedException {
    ByteBuffer handle = open(path, FOR_READING);
    try {
      return read(handle, offset, target);
    } finally {
      close(handle, false);
    }
  }

  /// A part of a file that was asked for.
  private record Part(int at, int length, CompletableFuture<Packet> coming) {}

  private int read(ByteBuffer handle, long offset, ByteBuffer target)
      throws IOException, InterruptedException {
    int start = target.position();
    int wanted = target.remaining();
    Deque<Part> parts = new ArrayDeque<>();
    int asked = 0;
    int end = wanted;
    while (asked < end || !parts.isEmpty()) {
      if (asked < end && parts.size() < WINDOW) {
        int length = Math.min(Packet.MAX_DATA_BYTES, end - asked);
        parts.add(ask(handle, offset, asked, length));
        asked += length;
        continue;
      }
      Part part = parts.remove();
      int got = take(part, target, start);
      if (got == 0) {
        end = Math.min(end, part.at());
      } else if (got < part.length()) {
        // A server may give less than was asked for, in the middle of a file too.
        parts.addFirst(ask(handle, offset, part.at() + got, part.length() - got));
      }
    }
    target.position(start + end);
    return end;
  }

  private Part ask(ByteBuffer handle, long offset, int at, int length) throws IOException {
    return new Part(
        at,
        length,
        server.ask(
            Packet.READ,
            0,
            request -> request.data(handle).longNumber(offset + at).number(length)));
  }

  /// Puts a part in its place.
  ///
  /// @return its length; 0 if the file ends before it
  private int take(Part part, ByteBuffer target, int start)
      throws IOException, InterruptedException {
    try {
      ByteBuffer data = server.answer(part.coming()).data();
      if (data.remaining() > part.length()) {
        throw new IOException("the server sent more than it was asked for");
      }
      int length = data.remaining();
      target.put(start + part.at(), data, data.position(), length);
      return length;
    } catch (SftpException e) {
      if (e.code() == SftpException.END_OF_FILE) {
        return 0;
      }
      throw e;
    }
  }

  /// Told of the entries of a directory.
  interface Entries {
    void entry(String name, Attributes attributes);
  }

  void list(String path, Entries each) throws IOException, InterruptedException {
    ByteBuffer handle = server.call(Packet.OPENDIR, request -> request.text(path)).data();
    try {
      while (true) {
        Packet names = server.call(Packet.READDIR, request -> request.data(handle));
        for (int i = names.number(); i > 0; i--) {
          String name = names.text();
          names.data(); // the line that 'ls -l' would show
          each.entry(name, Attributes.read(names));
        }
      }
    } catch (SftpException e) {
      if (e.code() != SftpException.END_OF_FILE) {
        throw e;
      }
    } finally {
      close(handle, false);
    }
  }

  private ByteBuffer open(String path, int how) throws IOException, InterruptedException {
    Packet answer =
        server.call(
            Packet.OPEN,
            request -> {
              request.text(path).number(how);
              if ((how & CREATE) == 0) {
                request.number(0);
              } else {
                request.number(Packet.HAS_MODE).number(FILE_MODE);
              }
            });
    return answer.data();
  }

  /// Gives a handle back.
  ///
  /// @param matters whether its failure is one
  private void close(ByteBuffer handle, boolean matters) throws IOException, InterruptedException {
    try {
      CompletableFuture<Packet> closed =
          server.ask(Packet.CLOSE, 0, request -> request.data(handle));
      if (matters) {
        server.answer(closed);
      }
    } catch (IOException e) {
      if (matters) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    carrier.close();
  }
}
