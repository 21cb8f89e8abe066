package dev.holdfast.engine.drill;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import dev.holdfast.repository.error.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the files of an app are in the scratch folder: what lies under its root lies right in it,
/// everything else under its whole path.
///
/// @param root of the app
/// @param folder that stands for it
record ScratchData(Optional<String> root, String folder) {
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  /// A file in the scratch folder.
  ///
  /// @param live where the app has it: under its root, or at the path itself
  record Found(String path, List<String> live, long bytes) {}

  /// Where a file of the app is.
  String of(String live) {
    boolean inRoot = root.isPresent() && Paths.isWithin(root.get(), live);
    return Paths.clean(folder + "/" + (inRoot ? live.substring(root.get().length()) : live));
  }

  /// All regular files.
  List<Found> files() throws PosixException {
    List<Found> found = new ArrayList<>();
    List<String> folders = new ArrayList<>(List.of(folder));
    while (!folders.isEmpty()) {
      String next = folders.removeLast();
      for (DirEntry entry : list(next)) {
        String path = Paths.child(next, entry.name());
        if (entry.type() == FileType.DIRECTORY) {
          folders.add(path);
        } else if (entry.type() == FileType.REGULAR) {
          found.add(new Found(path, live(path), Posix.lstat(path).sizeBytes()));
        }
      }
    }
    return found;
  }

  private List<String> live(String path) {
    String rest = path.substring(folder.length());
    return root.map(of -> List.of(Paths.clean(of + rest), rest)).orElse(List.of(rest));
  }

  private static List<DirEntry> list(String folder) throws PosixException {
    try (Descriptor open = Descriptor.open(folder, OPEN_FOLDER, 0)) {
      return Posix.readDirectory(open.fd());
    }
  }

  /// Makes sure that there is room for both.
  ///
  /// @param forFiles bytes of files, and of databases in files
  /// @param forServers bytes of dumps, and of databases on a server
  /// @throws HoldfastException.InputOutput if there is not
  void requireSpace(long forFiles, long forServers) {
    long available;
    try {
      available = Posix.statfs(folder).availableBytes();
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          "the scratch folder cannot be looked at: " + Reason.of(e), "name another", e);
    }
    if (available < forFiles + forServers) {
      throw new HoldfastException.InputOutput(
          "the file system of the scratch folder has %s left, and the drill needs %s: %s for files and databases in files, %s for dumps and databases on a server"
              .formatted(
                  Quantity.bytes(available),
                  Quantity.bytes(forFiles + forServers),
                  Quantity.bytes(forFiles),
                  Quantity.bytes(forServers)),
          "make room there, or name another place with --scratch",
          null);
    }
  }
}
