package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Checks staged states: every database among them opens, passes the check of its engine, and holds
/// the rows that the manifest says.
public final class StageVerification implements FileReplacer.StageCheck {
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  private final List<DatabaseEngine> engines;
  private final Map<String, SourceFacts> expected;

  /// @param expected what the manifest says of databases, by their paths in the snapshot
  public StageVerification(List<DatabaseEngine> engines, Map<String, SourceFacts> expected) {
    this.engines = List.copyOf(engines);
    this.expected = Map.copyOf(expected);
  }

  @Override
  public void check(Replacement it) {
    try {
      for (String file :
          it.kind() == Replacement.Kind.FOLDER ? filesIn(it) : List.of(it.staged())) {
        check(file, it.from() + file.substring(it.staged().length()));
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the staged " + OsString.display(it.from()) + " cannot be read: " + e.getMessage(),
          "",
          e);
    }
  }

  private void check(String file, String from) throws IOException {
    for (DatabaseEngine engine : engines) {
      Optional<DatabaseRecovery> recovery = engine.recovery();
      if (recovery.isPresent() && engine.recognizes(file)) {
        SourceFacts facts = recovery.get().verify(file);
        Optional.ofNullable(expected.get(from)).ifPresent(want -> compare(from, facts, want));
        return;
      }
    }
    if (expected.containsKey(from) && !expected.get(from).tables().isEmpty()) {
      throw new HoldfastException.Corrupt(
          OsString.display(from) + " is a database in the manifest, and none in the snapshot",
          null);
    }
  }

  private static void compare(String from, SourceFacts found, SourceFacts want) {
    Map<String, Long> rows = new TreeMap<>();
    found.tables().forEach(table -> rows.put(table.name(), table.rows()));
    for (TableRows table : want.tables()) {
      Long there = rows.remove(table.name());
      if (there == null || (table.exact() && there != table.rows())) {
        throw new HoldfastException.Corrupt(
            "table %s of %s has %s rows in the snapshot, and %d in its manifest"
                .formatted(
                    table.name(),
                    OsString.display(from),
                    there == null ? "no" : there,
                    table.rows()),
            null);
      }
    }
    if (!rows.isEmpty()) {
      throw new HoldfastException.Corrupt(
          "table %s of %s is not in the manifest"
              .formatted(rows.keySet().iterator().next(), OsString.display(from)),
          null);
    }
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
