package dev.holdfast.repository.lock;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Removes locks on request. Takes none itself.
public final class Unlock {
  /// A lock that was removed.
  ///
  /// @param file what it said; empty if it could not be read
  public record Removed(LockId id, Optional<LockFile> file) {}

  private final LockFolder folder;

  public Unlock(LockContext context) {
    this.folder = new LockFolder(context);
  }

  /// Removes the locks that are stale or proven dead; others, and those that cannot be read, stay.
  public List<Removed> removeStale() {
    List<Removed> removed = new ArrayList<>();
    for (LockId id : folder.ids()) {
      read(id)
          .filter(file -> folder.judge(file) != LockState.HELD)
          .ifPresent(file -> {
            folder.delete(id);
            removed.add(new Removed(id, Optional.of(file)));
          });
    }
    return removed;
  }

  /// Removes every lock, those included whose holders are at work.
  public List<Removed> removeAll() {
    List<Removed> removed = new ArrayList<>();
    for (LockId id : folder.allIds()) {
      Optional<LockFile> file = read(id);
      folder.delete(id);
      removed.add(new Removed(id, file));
    }
    return removed;
  }

  private Optional<LockFile> read(LockId id) {
    try {
      return Optional.of(folder.load(id).file());
    } catch (Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return Optional.empty();
    }
  }
}
