package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.UnnamedFile;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// An open file, read or written at any position by any thread.
final class DataFile implements AutoCloseable {
  private static final int READ_FLAGS = OpenFlag.O_RDONLY | OpenFlag.O_CLOEXEC | OpenFlag.O_NOCTTY;

  private final String name;
  private final Descriptor descriptor;

  /// Takes over `descriptor`.
  ///
  /// @param name for messages
  DataFile(String name, Descriptor descriptor) {
    this.name = name;
    this.descriptor = descriptor;
  }

  /// Opens `path` for reading.
  static DataFile open(String path) throws PosixException {
    return new DataFile(path, Descriptor.open(path, READ_FLAGS, 0));
  }

  /// Opens `path` for reading, if it exists.
  static Optional<DataFile> openIfPresent(String path) throws PosixException {
    try {
      return Optional.of(open(path));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENAMETOOLONG) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// An empty file without a name, for a copy of a database; see [UnnamedFile].
  static DataFile unnamed(String databasePath, List<String> directories, long lengthBytes) {
    int fd = UnnamedFile.create(databasePath, directories, lengthBytes);
    return new DataFile("the copy of " + databasePath, Descriptor.own(fd));
  }

  FileStat stat() throws PosixException {
    return Posix.fstat(descriptor.fd());
  }

  /// Reads up to `length` bytes from `position`; fewer only where the file ends.
  int readUpTo(long position, byte[] target, int offset, int length) throws PosixException {
    return Posix.pread(descriptor.fd(), target, offset, length, position);
  }

  /// Reads exactly `length` bytes from `position`.
  void read(long position, byte[] target, int offset, int length) throws IOException {
    int got = readUpTo(position, target, offset, length);
    if (got < length) {
      throw new EOFException(
          OsString.display(name) + " ends at " + (position + got) + ", which is too early");
    }
  }

  void write(long position, byte[] source, int offset, int length) throws PosixException {
    Posix.pwrite(descriptor.fd(), source, offset, length, position);
  }

  /// Sets the length; what is added reads as zeros.
  void setLength(long lengthBytes) throws PosixException {
    Posix.ftruncate(descriptor.fd(), lengthBytes);
  }

  /// A path to the open file itself, good in this process.
  String link() {
    return Posix.pathOf(descriptor.fd());
  }

  int fd() {
    return descriptor.fd();
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    try {
      descriptor.close();
    } catch (PosixException e) {
      // Read only, or a copy that nobody will see again: nothing is lost.
      return;
    }
  }
}
