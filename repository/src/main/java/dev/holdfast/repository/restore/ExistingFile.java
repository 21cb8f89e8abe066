package dev.holdfast.repository.restore;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.BlobDecoder;
import java.util.BitSet;

/// Compares files of the target with the content that they should have. One thread only; keeps its
/// buffer between calls.
final class ExistingFile {
  private static final int FIRST_BUFFER_BYTES = 1 << 20;
  private static final int OPEN_FILE =
      OpenFlag.O_RDONLY | OpenFlag.O_NOFOLLOW | OpenFlag.O_NONBLOCK | OpenFlag.O_CLOEXEC;

  private final BlobIndex index;
  private final Hasher hasher = new Hasher();
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];

  ExistingFile(BlobIndex index) {
    this.index = index;
  }

  /// Opens a regular file for reading, without a trace in its access time where that is allowed.
  static int open(int directoryFd, String name) throws PosixException {
    try {
      return Posix.openat(directoryFd, name, OPEN_FILE | OpenFlag.O_NOATIME, 0);
    } catch (PosixException notOurs) {
      return Posix.openat(directoryFd, name, OPEN_FILE, 0);
    }
  }

  /// Which blobs of `content` the open file has at their places, by their hash.
  BitSet matches(int fd, BlobIds content) throws PosixException {
    BitSet matches = new BitSet(content.size());
    FileStat stat = Posix.fstat(fd);
    long offset = 0;
    for (int i = 0; i < content.size(); i++) {
      int length = plainLengthBytes(index, content.get(i));
      if (length < 0 || offset + length > stat.sizeBytes()) {
        break;
      }
      matches.set(i, hasBlob(fd, offset, length, content.get(i).hash()));
      offset += length;
    }
    return matches;
  }

  /// Length of a data blob, or -1 if the repository does not have it.
  static int plainLengthBytes(BlobIndex index, BlobId id) {
    BlobLocation location = index.find(new BlobHandle(BlobType.DATA, id));
    return location == null ? -1 : BlobDecoder.plainLengthBytes(location.blob());
  }

  private boolean hasBlob(int fd, long offset, int length, Hash expected) throws PosixException {
    if (buffer.length < length) {
      buffer = new byte[length];
    }
    int filled = 0;
    while (filled < length) {
      int count = Posix.pread(fd, buffer, filled, length - filled, offset + filled);
      if (count == 0) {
        return false;
      }
      filled += count;
    }
    return hasher.hash(buffer, 0, length).equals(expected);
  }
}
