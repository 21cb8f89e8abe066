package dev.holdfast.engine.archive;

import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.postgres.DumpFile;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Opens every database that was unpacked, and reads every dump to its end.
final class DatabaseInspection {
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;
  private static final int OPEN_FILE = OpenFlag.O_RDONLY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  /// What only databases are called.
  private static final Set<String> ENDINGS = Set.of(".db", ".sqlite", ".sqlite3", ".duckdb");

  private static final String DUMP = "database.dump";

  private final ImportRequest request;
  private final Scratch scratch;
  private final String tree;
  private final Instant time;
  private final List<VirtualFile> dumps = new ArrayList<>();
  private final List<BackupSubject.Label> labels = new ArrayList<>();
  private final byte[] head = new byte[DatabaseEngine.HEAD_BYTES];
  private final Set<String> settled = new HashSet<>();
  private int count;

  /// @param tree stands for the root of the snapshot
  /// @param time at which dumps were made
  DatabaseInspection(ImportRequest request, Scratch scratch, String tree, Instant time) {
    this.request = request;
    this.scratch = scratch;
    this.tree = tree;
    this.time = time;
  }

  /// Looks at everything.
  ///
  /// @param needsDatabase whether an archive without any is refused
  DatabaseInspection run(boolean needsDatabase) throws IOException {
    Deque<String> folders = new ArrayDeque<>(List.of(""));
    while (!folders.isEmpty()) {
      String folder = folders.pop();
      List<DirEntry> entries = list(tree + folder);
      Set<String> names = new HashSet<>();
      entries.forEach(entry -> names.add(entry.name()));
      for (DirEntry entry : entries) {
        if (Thread.interrupted()) {
          throw new HoldfastException.Cancelled("interrupted while looking for databases");
        }
        String path = folder + "/" + entry.name();
        if (entry.type() == FileType.DIRECTORY) {
          folders.push(path);
        } else if (entry.type() == FileType.REGULAR && !settled.contains(path)) {
          look(path, names);
        }
      }
    }
    if (needsDatabase && count == 0) {
      throw Refusal.refused("there is no database in it");
    }
    return this;
  }

  List<VirtualFile> dumps() {
    return dumps;
  }

  List<BackupSubject.Label> labels() {
    return labels;
  }

  /// How many databases and dumps there are.
  int count() {
    return count;
  }

  private static List<DirEntry> list(String folder) throws PosixException {
    try (Descriptor open = Descriptor.open(folder, OPEN_FOLDER, 0)) {
      return Posix.readDirectory(open.fd());
    }
  }

  private void look(String path, Set<String> beside) throws IOException {
    String name = Paths.name(path);
    int length = readHead(tree + path);
    for (DatabaseEngine engine : request.engines()) {
      if (engine.recognizes(head, length)) {
        refuseLinks(engine, path, beside);
        open(engine, path, beside);
        count++;
        return;
      }
    }
    if (name.equals(DUMP) && DumpFile.isDump(head, length)) {
      takeDump(path);
      return;
    }
    int dot = name.lastIndexOf('.');
    if (length > 0 && dot >= 0 && ENDINGS.contains(name.substring(dot))) {
      throw Refusal.refused(
          TarExport.shown(path.substring(1)) + " is named as a database, and is none");
    }
  }

  /// What opens a database opens the files beside it too, and would follow a link.
  private void refuseLinks(DatabaseEngine engine, String path, Set<String> beside)
      throws PosixException {
    for (String suffix : engine.sidecarSuffixes()) {
      boolean present = beside.contains(Paths.name(path) + suffix);
      if (present && Posix.lstat(tree + path + suffix).isSymlink()) {
        throw Refusal.refused(
            "%s, beside a database, is a symbolic link"
                .formatted(TarExport.shown(path.substring(1) + suffix)));
      }
    }
  }

  private int readHead(String file) throws PosixException {
    try (Descriptor open = Descriptor.open(file, OPEN_FILE, 0)) {
      return Math.max(0, Posix.pread(open.fd(), head, 0, head.length, 0));
    }
  }

  private void open(DatabaseEngine engine, String path, Set<String> beside) {
    String file = tree + path;
    boolean hasSidecars =
        engine.sidecarSuffixes().stream()
            .anyMatch(suffix -> beside.contains(Paths.name(path) + suffix));
    try {
      Optional<DatabaseRecovery> recovery = engine.recovery();
      if (recovery.isPresent()) {
        if (hasSidecars) {
          // What they held is in the database then, and they are gone.
          engine.sidecarSuffixes().forEach(suffix -> settled.add(path + suffix));
          recovery
              .get()
              .settle(file)
              .ifPresent(reason -> {
                throw Refusal.damaged(
                    "the files beside %s cannot be brought into it: %s"
                        .formatted(TarExport.shown(path), reason));
              });
        }
        recovery.get().verify(file);
        return;
      }
      try (Content content = engine.open(file)) {
        content.facts();
      }
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException.Corrupt
        | HoldfastException.Unsupported
        | HoldfastException.Rejected e) {
      throw Refusal.damaged(String.valueOf(e.getMessage()).replace(tree, ""));
    }
  }

  /// Reads a dump to its end, and takes it out of the tree: it is stored as a stream is.
  private void takeDump(String path) throws IOException {
    Path file = scratch.folder().resolve("dump-" + count);
    Posix.renameat(OpenFlag.AT_FDCWD, tree + path, OpenFlag.AT_FDCWD, file.toString());
    dump(file, path);
  }

  /// Reads a dump that lies outside of the tree.
  ///
  /// @param path where it goes in the snapshot
  SourceFacts dump(Path file, String path) {
    SourceFacts facts = DumpFile.check(file, TarExport.shown(path), time, request.environment());
    String database = facts.properties().getOrDefault(DumpFile.DATABASE, "");
    addDump(file, path, facts, database);
    return facts;
  }

  private void addDump(Path file, String path, SourceFacts facts, String database) {
    dumps.add(new VirtualFile(path, new StoredDump(file, facts)));
    String name = database.isEmpty() ? Paths.name(Paths.clean(path + "/..")) : database;
    labels.add(new BackupSubject.Label(name, path, Map.of("database", name)));
    count++;
  }

  /// Reads a dump whose place follows from the database that it is of.
  ///
  /// @return the folder in the snapshot that it goes into
  String dumpByName(Path file, String fallback) {
    SourceFacts facts = DumpFile.check(file, TarExport.shown(DUMP), time, request.environment());
    String database = facts.properties().getOrDefault(DumpFile.DATABASE, fallback);
    String folder = "/postgres/" + PostgresDumps.fileName(database);
    addDump(file, folder + "/" + DUMP, facts, database);
    return folder;
  }
}
