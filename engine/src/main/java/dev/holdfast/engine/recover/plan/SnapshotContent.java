package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.DatabaseEngine;
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

  /// The file or folder at `path`.
  ///
  /// @throws HoldfastException.NotFound if there is none: a source that the snapshot does not have
  ///   is never passed over
  EntryView at(String path) {
    EntryView entry;
    try {
      entry = new Walker(repository).entryAt(new SnapshotPath(snapshot, path));
    } catch (HoldfastException.NotFound e) {
      throw new HoldfastException.NotFound(
          "%s is not in %s".formatted(OsString.display(path), snapshot),
          "'holdfast ls " + snapshot.shortId() + "' lists what is; another snapshot may have it");
    }
    if (!entry.isFile() && !entry.isDirectory()) {
      throw new HoldfastException.Rejected(
          "%s is a %s in %s".formatted(OsString.display(path), entry.type(), snapshot),
          entry.isSymlink() ? "recover what it leads to: " + entry.linkTarget() : "");
    }
    return entry;
  }

  /// The names in a folder.
  List<String> names(String folder) {
    List<String> names = new ArrayList<>();
    new Walker(repository).walk(new SnapshotPath(snapshot, folder), entry -> {
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
    new Walker(repository).walk(new SnapshotPath(snapshot, entry.path()), inner -> {
      bytes[0] += inner.sizeBytes() + OVERHEAD_BYTES;
      return true;
    });
    return bytes[0];
  }

  /// What a file takes besides its content, and the last block that is not filled.
  private static final long OVERHEAD_BYTES = 4096;

  /// The kind of database that a file is.
  Optional<DatabaseEngine> engineOf(EntryView file) {
    if (!file.isFile()) {
      return Optional.empty();
    }
    byte[] head = head(file);
    return engines.stream().filter(engine -> engine.recognizes(head, head.length)).findFirst();
  }

  private byte[] head(EntryView file) {
    HeadOutput output = new HeadOutput();
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

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      bytes.write(from, offset, Math.min(length, DatabaseEngine.HEAD_BYTES - bytes.size()));
      if (bytes.size() == DatabaseEngine.HEAD_BYTES) {
        throw new EnoughException();
      }
    }
  }

  /// The path of `name` in a folder of the snapshot.
  static String child(String folder, String name) {
    return Paths.child(folder, name);
  }
}
