package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import java.io.IOException;
import java.util.OptionalLong;

/// The change of names that makes staged files live, and its reversal.
///
/// Both go turn by turn: look where the old and the new file are, by their inodes, and make the one
/// next change of names, which the caller makes durable before the next turn. So it does not matter
/// where an earlier process was stopped, nor which changes that were not durable yet a power cut
/// has kept: `docs/decisions/013`. The name of the live file is never without a file where the file
/// system can exchange names.
///
/// The files beside a database go before the old file loses its name, and under names that keep
/// them with it: `app.db.pre-restore.T-wal` beside `app.db.pre-restore.T`. So no log of the old
/// state is ever beside the new file, and the safety copy is a database that opens.
final class FileSwap {
  private final LiveFiles files;
  private final Replacement it;
  private final long stagedInode;

  /// @param stagedInode of the staged file; zero if there is none to put in place
  FileSwap(LiveFiles files, Replacement replacement, long stagedInode) {
    this.files = files;
    this.it = replacement;
    this.stagedInode = stagedInode;
    if (it.bringsSomething() && stagedInode == 0) {
      throw new IllegalArgumentException("nothing is staged for " + it.live());
    }
  }

  /// Makes the next change that puts the new file in place.
  ///
  /// @return false if it is
  boolean swap() throws IOException {
    boolean isLive = isAt(it.live(), stagedInode);
    boolean isSafe = isAt(it.safety(), it.liveInode());
    if (!isLive && !isSafe && moveSidecars(it.live(), it.safety())) {
      return true;
    }
    if (it.bringsSomething()) {
      if (!isLive) {
        bringIn(isSafe);
        return true;
      }
      if (it.action() == Replacement.Action.REPLACE && isAt(it.staged(), it.liveInode())) {
        files.rename(it.staged(), it.safety());
        return true;
      }
    } else if (!isSafe) {
      files.rename(it.live(), it.safety());
      return true;
    }
    return moveSidecars(it.staged(), it.live());
  }

  private void bringIn(boolean isSafe) throws IOException {
    if (it.action() != Replacement.Action.REPLACE || isSafe) {
      files.rename(it.staged(), it.live());
    } else if (!isAt(it.live(), it.liveInode()) || !isAt(it.staged(), stagedInode)) {
      throw new IOException(
          "%s or what is to take its place was replaced by somebody else".formatted(it.live()));
    } else if (!files.exchange(it.staged(), it.live())) {
      files.rename(it.live(), it.safety());
    }
  }

  /// Makes the next change that puts the old file back in place. Whatever is live by then, the new
  /// file or something that the service has put there since, goes where the staged file was.
  ///
  /// @return false if it is in place
  boolean unswap() throws IOException {
    if (it.action() == Replacement.Action.CREATE) {
      if (takeOut()) {
        return true;
      }
    } else if (!isAt(it.live(), it.liveInode())) {
      bringBack();
      return true;
    } else if (removeRest()) {
      return true;
    }
    return moveSidecars(it.safety(), it.live());
  }

  private boolean takeOut() throws IOException {
    if (isAt(it.staged(), stagedInode) || files.inode(it.live()).isEmpty()) {
      return false;
    }
    if (!setAside()) {
      files.rename(it.live(), it.staged());
    }
    return true;
  }

  /// The old file is live again, and its counterpart may be where the old one was.
  private boolean removeRest() throws IOException {
    if (files.inode(it.safety()).isEmpty()) {
      return false;
    }
    freeStaged();
    files.rename(it.safety(), it.staged());
    return true;
  }

  private void bringBack() throws IOException {
    String old = isAt(it.safety(), it.liveInode()) ? it.safety() : it.staged();
    if (!isAt(old, it.liveInode())) {
      throw new IOException(
          "the former %s is neither there nor at %s".formatted(it.live(), it.safety()));
    }
    if (files.inode(it.live()).isEmpty()) {
      files.rename(old, it.live());
    } else if (!setAside() && !files.exchange(old, it.live())) {
      freeStaged();
      files.rename(it.live(), it.staged());
    }
  }

  /// The files beside the database that is live now are its own and go with it.
  private boolean setAside() throws IOException {
    files.makeFolder(it.stageFolder());
    for (String suffix : it.suffixes()) {
      if (files.inode(it.live() + suffix).isPresent()) {
        files.removeTree(it.staged() + suffix);
      }
    }
    return moveSidecars(it.live(), it.staged());
  }

  private void freeStaged() throws IOException {
    files.makeFolder(it.stageFolder());
    files.removeTree(it.staged());
  }

  private boolean moveSidecars(String from, String to) throws IOException {
    boolean moved = false;
    for (String suffix : it.suffixes()) {
      if (files.inode(from + suffix).isPresent()) {
        files.rename(from + suffix, to + suffix);
        moved = true;
      }
    }
    return moved;
  }

  private boolean isAt(String path, long inode) throws IOException {
    OptionalLong there = files.inode(path);
    return inode != 0 && there.isPresent() && there.getAsLong() == inode;
  }
}
