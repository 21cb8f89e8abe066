package dev.holdfast.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Calls on names in directories: listing, linking, making, removing, renaming.
final class NameCalls {
  private static final Native GETDENTS = Native.returningLong("getdents64");
  private static final Native READLINKAT = Native.returningLong("readlinkat");
  private static final Native SYMLINKAT = Native.returningInt("symlinkat");
  private static final Native LINKAT = Native.returningInt("linkat");
  private static final Native MKDIRAT = Native.returningInt("mkdirat");
  private static final Native MKNODAT = Native.returningInt("mknodat");
  private static final Native UNLINKAT = Native.returningInt("unlinkat");
  private static final Native RENAMEAT2 = Native.returningInt("renameat2");

  /// `struct linux_dirent64`: inode, offset, record length, type, name.
  private static final int RECORD_LENGTH_AT = 16;

  private static final int TYPE_AT = 18;
  private static final int NAME_AT = 19;

  /// What one call lists at most; some hundreds of entries.
  private static final int LISTING_BYTES = 32 * 1024;

  private NameCalls() {}

  static List<DirEntry> readDirectory(int fd) throws PosixException {
    FileCalls.rewind(fd);
    List<DirEntry> entries = new ArrayList<>();
    byte[] listing = new byte[LISTING_BYTES];
    while (true) {
      int size = getdents(fd, listing);
      if (size == 0) {
        return entries;
      }
      addEntries(listing, size, entries);
    }
  }

  private static int getdents(int fd, byte[] listing) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = GETDENTS.call(scratch, fd, scratch.data(), LISTING_BYTES);
      int size = (int) GETDENTS.check(result, scratch, fd);
      scratch.getData(listing, 0, size);
      return size;
    }
  }

  private static void addEntries(byte[] listing, int size, List<DirEntry> entries) {
    ByteBuffer records = ByteBuffer.wrap(listing).order(ByteOrder.nativeOrder());
    for (int at = 0; at < size; ) {
      int start = at + NAME_AT;
      int end = start;
      while (listing[end] != 0) {
        end++;
      }
      if (!isDots(listing, start, end)) {
        String name = OsString.decode(listing, start, end - start);
        entries.add(new DirEntry(name, FileType.ofEntry(listing[at + TYPE_AT])));
      }
      at += records.getShort(at + RECORD_LENGTH_AT);
    }
  }

  private static boolean isDots(byte[] listing, int start, int end) {
    int length = end - start;
    return listing[start] == '.' && (length == 1 || (length == 2 && listing[start + 1] == '.'));
  }

  static String readlinkat(int dirFd, String name) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result =
          READLINKAT.call(scratch, dirFd, scratch.path(name), scratch.data(), Scratch.DATA_BYTES);
      byte[] target = new byte[(int) READLINKAT.check(result, scratch, name)];
      scratch.getData(target, 0, target.length);
      return OsString.decode(target);
    }
  }

  static void symlinkat(String target, int dirFd, String name) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = SYMLINKAT.call(scratch, scratch.otherPath(target), dirFd, scratch.path(name));
      SYMLINKAT.check(result, scratch, name);
    }
  }

  static void linkat(int oldDirFd, String oldName, int newDirFd, String newName, int flags)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long from = scratch.path(oldName);
      long to = scratch.otherPath(newName);
      LINKAT.check(LINKAT.call(scratch, oldDirFd, from, newDirFd, to, flags), scratch, newName);
    }
  }

  static void mkdirat(int dirFd, String name, int mode) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      MKDIRAT.check(MKDIRAT.call(scratch, dirFd, scratch.path(name), mode), scratch, name);
    }
  }

  static void mknodat(int dirFd, String name, FileType type, int mode, long device)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      int typeAndMode = type.modeBits() | mode;
      long result = MKNODAT.call(scratch, dirFd, scratch.path(name), typeAndMode, device);
      MKNODAT.check(result, scratch, name);
    }
  }

  static void unlinkat(int dirFd, String name, int flags) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      UNLINKAT.check(UNLINKAT.call(scratch, dirFd, scratch.path(name), flags), scratch, name);
    }
  }

  static void renameat(int oldDirFd, String oldName, int newDirFd, String newName, int flags)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long from = scratch.path(oldName);
      long to = scratch.otherPath(newName);
      long result = RENAMEAT2.call(scratch, oldDirFd, from, newDirFd, to, flags);
      RENAMEAT2.check(result, scratch, oldName);
    }
  }
}
