package dev.holdfast.repository.store.sftp;

import java.io.IOException;

/// What the protocol tells of a file.
///
/// @param sizeBytes -1 if the server does not say
/// @param mode with the type of file; 0 if the server does not say
record Attributes(long sizeBytes, int mode) {
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  boolean isRegular() {
    return mode == 0 || (mode & TYPE_MASK) == REGULAR;
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  static Attributes read(Packet packet) throws IOException {
    int flags = packet.number();
    long size = (flags & Packet.HAS_SIZE) == 0 ? -1 : packet.longNumber();
    if ((flags & Packet.HAS_OWNER) != 0) {
      packet.longNumber();
    }
    int mode = (flags & Packet.HAS_MODE) == 0 ? 0 : packet.number();
    if ((flags & Packet.HAS_TIMES) != 0) {
      packet.longNumber();
    }
    if ((flags & Packet.HAS_EXTENDED) != 0) {
      for (int i = packet.number(); i > 0; i--) {
        packet.data();
        packet.data();
      }
    }
    return new Attributes(size, mode);
  }
}
