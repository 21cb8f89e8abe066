package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.PosixException;

/// Whether the wal-index beside a database tells the truth.
///
/// Whoever may write it rebuilds it when nobody has it open. Who may only read it must leave it as
/// it is, and can believe it only while a process that maintains it holds the "dead man switch".
final class WalIndexAccess {
  /// The byte of the wal-index that every process locks that has it open (`UNIX_SHM_DMS`).
  private static final int DEAD_MAN_SWITCH = 128;

  private WalIndexAccess() {}

  /// To be asked only while this process has no connection open: it opens the file and closes it.
  static boolean isUsable(String shmPath) throws PosixException {
    if (RawFile.canBeWritten(shmPath)) {
      return true;
    }
    try (RawFile shm = RawFile.open(shmPath)) {
      return shm.lockHolder(DEAD_MAN_SWITCH, 1) != 0;
    } catch (PosixException e) {
      return false;
    }
  }
}
