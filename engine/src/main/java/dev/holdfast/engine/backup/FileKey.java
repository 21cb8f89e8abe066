package dev.holdfast.engine.backup;

import dev.holdfast.posix.FileStat;

/// What a file is to the system, whatever its names are.
record FileKey(long deviceId, long inode) {
  static FileKey of(FileStat stat) {
    return new FileKey(stat.deviceId(), stat.inode());
  }
}
