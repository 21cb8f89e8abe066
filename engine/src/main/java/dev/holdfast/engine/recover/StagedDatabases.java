package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the databases in what was staged: the one that it is, or all in a folder.
final class StagedDatabases {
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  private final List<DatabaseEngine> engines;

  StagedDatabases(List<DatabaseEngine> engines) {
    this.engines = List.copyOf(engines);
  }

  /// A staged file.
  ///
  /// @param from its path in the snapshot
  /// @param engine if it is a database
  record Staged(String path, String from, Optional<DatabaseEngine> engine) {
    Optional<DatabaseRecovery> recovery() {
      return engine.flatMap(DatabaseEngine::recovery);
    }
  }

  /// What is done with a staged file.
  @FunctionalInterface
  interface Use {
    void with(Staged staged) throws IOException;
  }

  /// Calls `use` with every file of what is staged.
  ///
  /// @throws HoldfastException.InputOutput if one cannot be read
  void each(Replacement it, Use use) {
    try {
      for (String file :
          it.kind() == Replacement.Kind.FOLDER ? filesIn(it) : List.of(it.staged())) {
        if (Posix.isPresent(file)) { // a log may have been brought in meanwhile
          use.with(
              new Staged(file, it.from() + file.substring(it.staged().length()), engineOf(file)));
        }
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the staged " + OsString.display(it.from()) + " cannot be read: " + Reason.of(e), "", e);
    }
  }

  /// The kind of that name.
  Optional<DatabaseEngine> engine(String name) {
    return engines.stream().filter(engine -> engine.name().equals(name)).findFirst();
  }

  private Optional<DatabaseEngine> engineOf(String file) throws IOException {
    for (DatabaseEngine engine : engines) {
      if (engine.recovery().isPresent() && engine.recognizes(file)) {
        return Optional.of(engine);
      }
    }
    return Optional.empty();
  }

  private static List<String> filesIn(Replacement it) throws PosixException {
    List<String> files = new ArrayList<>();
    List<String> folders = new ArrayList<>(List.of(it.staged()));
    while (!folders.isEmpty()) {
      String folder = folders.removeLast();
      for (DirEntry entry : list(folder)) {
        String path = folder + "/" + entry.name();
        if (entry.type() == FileType.DIRECTORY) {
          folders.add(path);
        } else if (entry.type() == FileType.REGULAR) {
          files.add(path);
        }
      }
    }
    return files;
  }

  private static List<DirEntry> list(String folder) throws PosixException {
    try (Descriptor open = Descriptor.open(folder, OPEN_FOLDER, 0)) {
      return Posix.readDirectory(open.fd());
    }
  }
}
