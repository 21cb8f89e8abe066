package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a live path really is.
///
/// @param path free of links; the last names of it may not exist
/// @param stat of what is there
/// @param missingFolders on the way there, outermost first
public record LivePath(String path, Optional<FileStat> stat, List<String> missingFolders) {
  private static final int LINKS_MAX = 40;

  public LivePath {
    missingFolders = List.copyOf(missingFolders);
  }

  /// Follows every link in `path`, also the last, also one that leads nowhere yet.
  public static LivePath of(String path) {
    try {
      String real = resolve(Paths.clean(path), 0);
      List<String> missing = new ArrayList<>();
      String folder = Replacement.folderOf(real);
      while (Posix.lstatIfPresent(folder).isEmpty()) {
        missing.addFirst(folder);
        folder = Replacement.folderOf(folder);
      }
      return new LivePath(real, Posix.lstatIfPresent(real), missing);
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          path + " cannot be looked at: " + Reason.of(e), "run it as a user who may", e);
    }
  }

  private static String resolve(String path, int links) throws PosixException {
    if (links > LINKS_MAX) {
      throw new PosixException("follow " + path, Errno.ELOOP, "too many links");
    }
    try (Descriptor name = Descriptor.open(path, OpenFlag.O_PATH | OpenFlag.O_CLOEXEC, 0)) {
      return Posix.readlinkat(OpenFlag.AT_FDCWD, "/proc/self/fd/" + name.fd());
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    String folder = resolve(Replacement.folderOf(path), links + 1);
    String there = Paths.child(folder, Paths.name(path));
    Optional<FileStat> stat = Posix.lstatIfPresent(there);
    if (stat.isEmpty() || !stat.get().isSymlink()) {
      return there;
    }
    String target = Posix.readlinkat(OpenFlag.AT_FDCWD, there);
    return resolve(Paths.clean(target.startsWith("/") ? target : folder + "/" + target), links + 1);
  }

  /// The nearest folder on the way there that exists.
  public String existingFolder() {
    return Replacement.folderOf(missingFolders.isEmpty() ? path : missingFolders.getFirst());
  }
}
