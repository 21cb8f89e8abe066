package dev.holdfast.engine.recover;

import static dev.holdfast.posix.OpenFlag.AT_FDCWD;
import static dev.holdfast.posix.OpenFlag.AT_SYMLINK_NOFOLLOW;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Set;

/// Gives a new file what the old one was to the system: owner, group, mode and extended attributes,
/// access lists among them. The service that opens it is the one of today.
final class Likeness {
  /// What a file system, or the want of privilege, may refuse of an attribute.
  private static final Set<Integer> ATTRIBUTE_REFUSALS =
      Set.of(Errno.EOPNOTSUPP, Errno.EPERM, Errno.EACCES, Errno.ENODATA);

  /// For a root that is not allowed everything, as in a container.
  static final String NEEDS_CAPABILITY =
      "root may not give files to others here: that takes the capability CAP_CHOWN, and a file"
          + " system that allows it";

  private Likeness() {}

  /// @param like the old one; nothing happens if it is a symbolic link
  /// @param path the new one
  static void give(String like, String path) throws PosixException {
    FileStat old = Posix.lstat(like);
    FileStat fresh = Posix.lstat(path);
    if (old.isSymlink() || fresh.isSymlink()) {
      return;
    }
    giveOwner(like, old, path, fresh);
    Posix.fchmodat(AT_FDCWD, path, old.mode(), 0); // after the owner, which clears set-id bits
    copyAttributes(like, path);
  }

  /// Sees whether [#give] will be able to.
  ///
  /// @param like the old one; nothing happens if it is a symbolic link
  /// @param probe a folder of this recovery, which gets the owner
  static void tryOwner(String like, String probe) throws PosixException {
    FileStat old = Posix.lstat(like);
    if (!old.isSymlink()) {
      giveOwner(like, old, probe, Posix.lstat(probe));
    }
  }

  /// Gives a new folder the owner of the one that it lies in.
  static void giveOwnerOf(String outer, FileStat stat, String folder) throws PosixException {
    giveOwner(outer, stat, folder, Posix.lstat(folder));
  }

  private static void giveOwner(String like, FileStat old, String path, FileStat fresh)
      throws PosixException {
    if (old.uid() == fresh.uid() && old.gid() == fresh.gid()) {
      return;
    }
    try {
      Posix.fchownat(AT_FDCWD, path, old.uid(), old.gid(), AT_SYMLINK_NOFOLLOW);
    } catch (PosixException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      throw new HoldfastException.Rejected(
          "%s belongs to user %d and group %d, to whom this user cannot give what is new"
              .formatted(OsString.display(like), old.uid(), old.gid()),
          Posix.geteuid() == 0
              ? NEEDS_CAPABILITY
              : "run it as root, or as that user and a member of that group");
    }
  }

  private static void copyAttributes(String like, String path) throws PosixException {
    try {
      for (String name : Posix.listXattr(like)) {
        copyAttribute(like, path, name);
      }
    } catch (PosixException e) {
      rethrowUnlessRefused(e);
    }
  }

  private static void copyAttribute(String like, String path, String name) throws PosixException {
    try {
      Posix.setXattr(path, name, Posix.getXattr(like, name));
    } catch (PosixException e) {
      rethrowUnlessRefused(e);
    }
  }

  private static void rethrowUnlessRefused(PosixException e) throws PosixException {
    if (!ATTRIBUTE_REFUSALS.contains(e.errno())) {
      throw e;
    }
  }
}
