package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a snapshot holds, as a plan asks for it.
final class SnapshotContent {
  private final Repository repository;
  private final SnapshotView snapshot;
  private final List<DatabaseEngine> engines;

  SnapshotContent(Repository repository, SnapshotView snapshot, List<DatabaseEngine> engines) {
    this.repository = repository;
    this.snapshot = snapshot;
    this.engines = List.copyOf(engines);
  }

  /// The file or folder that was backed up from `path`. What was named by a relative path lies in
  /// the snapshot under that path, not under where it was.
  ///
  /// @throws HoldfastException.NotFound if there is none: a source that the snapshot does not have
  ///   is never passed over
  EntryView at(String path) {
    EntryView entry =
        places(path).stream()
            .flatMap(place -> find(place).stream())
            .findFirst()
            .orElseThrow(() -> missing(path));
    if (!entry.isFile() && !entry.isDirectory()) {
      throw new HoldfastException.Rejected(
          "%s is a %s in %s".formatted(OsString.display(path), entry.type(), snapshot),
          entry.isSymlink() ? "recover what it leads to: " + entry.linkTarget() : "");
    }
    return entry;
  }

  private HoldfastException missing(String path) {
    return new HoldfastException.NotFound(
        "%s is not in %s".formatted(OsString.display(path), snapshot),
        "'holdfast ls " + snapshot.shortId() + "' lists what is; another snapshot may have it");
  }

  /// Where `path` may lie: itself, and without the first names of a folder that was backed up.
  private List<String> places(String path) {
    List<String> places = new ArrayList<>(List.of(path));
    for (String root : snapshot.paths()) {
      if (Paths.isWithin(root, path)) {
        String rest = path.substring(root.length());
        for (int at = root.indexOf('/', 1); at > 0; at = root.indexOf('/', at + 1)) {
          places.add(root.substring(at) + rest);
        }
      }
    }
    return places;
  }

  private Optional<EntryView> find(String path) {
    try {
      return Optional.of(new Walker(repository).entryAt(new SnapshotPath(snapshot, path)));
    } catch (HoldfastException.NotFound e) {
      return Optional.empty();
    }
  }

  /// The names in a folder.
  List<String> names(String folder) {
    List<String> names = new ArrayList<>();
    new Walker(repository)
        .walk(
            new SnapshotPath(snapshot, folder),
            entry -> {
              names.add(entry.name());
              return false;
            });
    return names;
  }

  /// Bytes of all files in a folder, or of a file.
  long bytes(EntryView entry) {
    if (entry.isFile()) {
      return entry.sizeBytes();
    }
    long[] bytes = {0};
    new Walker(repository)
        .walk(
            new SnapshotPath(snapshot, entry.path()),
            inner -> {
              bytes[0] += inner.sizeBytes() + OVERHEAD_BYTES;
              return true;
            });
    return bytes[0];
  }

  /// The engine that exported to a folder.
  ///
  /// @throws HoldfastException.Rejected if it is no export that is known here
  DatabaseEngine engineOfExport(EntryView folder, List<DatabaseEngine> known) {
    List<String> names = folder.isDirectory() ? names(folder.path()) : List.of();
    for (DatabaseEngine engine : known) {
      List<String> marks = engine.recovery().map(DatabaseRecovery::exportNames).orElse(List.of());
      if (!marks.isEmpty() && names.containsAll(marks)) {
        return engine;
      }
    }
    throw new HoldfastException.Rejected(
        "%s in %s is no folder that EXPORT DATABASE of DuckDB wrote"
            .formatted(OsString.display(folder.path()), snapshot),
        "it is the folder that has schema.sql and load.sql in it");
  }

  /// Bytes of the files beside a database that belong to it.
  long bytesBeside(EntryView database, List<String> suffixes) {
    return suffixes.stream()
        .flatMap(suffix -> find(database.path() + suffix).stream())
        .filter(EntryView::isFile)
        .mapToLong(EntryView::sizeBytes)
        .sum();
  }

  /// What a file takes besides its content, and the last block that is not filled.
  private static final long OVERHEAD_BYTES = 4096;

  /// The kind of database that a file is.
  Optional<DatabaseEngine> engineOf(EntryView file) {
    if (!file.isFile()) {
      return Optional.empty();
    }
    byte[] head = head(file, DatabaseEngine.HEAD_BYTES);
    return engines.stream().filter(engine -> engine.recognizes(head, head.length)).findFirst();
  }

  /// The first bytes of a file, `bytes` of them if it is that long.
  byte[] head(EntryView file, int bytes) {
    HeadOutput output = new HeadOutput(bytes);
    try {
      new dev.holdfast.engine.query.FileContent(repository).writeTo(file, output);
    } catch (EnoughException e) {
      return output.bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes every byte", e);
    }
    return output.bytes.toByteArray();
  }

  /// Ends the reading when the head is complete.
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// Takes the first bytes of a file.
  private static final class HeadOutput extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int wanted;

    HeadOutput(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      bytes.write(from, offset, Math.min(length, wanted - bytes.size()));
      if (bytes.size() == wanted) {
        throw new EnoughException();
      }
    }
  }

  /// The path of `name` in a folder of the snapshot.
  static String child(String folder, String name) {
    return Paths.child(folder, name);
  }
}
