package dev.holdfast.engine.inspect;

import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.scratch.PrivateDirectory;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.sql.Answer;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import dev.holdfast.repository.error.Reason;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// A database of a snapshot, written to a folder that nobody else may enter, with the logs that the
/// snapshot has beside it brought in. Closing it removes the folder.
public final class ExtractedDatabase implements AutoCloseable {
  /// The name does not matter, and that in the snapshot may be any.
  private static final String NAME = "image.db";

  /// Room for what an engine writes besides.
  private static final long MARGIN_BYTES = 16 << 20;

  private final PrivateDirectory directory;
  private final DatabaseRecovery recovery;
  private final String shown;

  private ExtractedDatabase(
      PrivateDirectory directory, DatabaseRecovery recovery, SnapshotView snapshot, String path) {
    this.directory = directory;
    this.recovery = recovery;
    shown = "%s of %s".formatted(OsString.display(path), snapshot);
  }

  /// Writes the database at `path` of a snapshot.
  ///
  /// @param scratch where the folder is made
  /// @throws HoldfastException if it is none, or cannot be written
  public static ExtractedDatabase of(
      Repository repository,
      SnapshotView snapshot,
      String path,
      List<DatabaseEngine> engines,
      Path scratch) {
    Walker walker = new Walker(repository);
    EntryView entry =
        find(walker, new SnapshotPath(snapshot, path))
            .orElseThrow(() ->
                new HoldfastException.NotFound(
                    "there is no %s in %s".formatted(OsString.display(path), snapshot),
                    "'holdfast ls " + snapshot.shortId() + "' lists what there is"));
    if (!entry.isFile()) {
      throw new HoldfastException.Rejected(
          "%s in %s is a %s, not a database"
              .formatted(OsString.display(path), snapshot, entry.type()),
          "");
    }
    PrivateDirectory directory = null;
    boolean complete = false;
    try {
      requireSpace(scratch, entry.sizeBytes());
      directory = PrivateDirectory.in(scratch, "holdfast-query-");
      Path folder = directory.path();
      Path image = folder.resolve(NAME);
      FileContent content = new FileContent(repository);
      write(content, entry, image);
      DatabaseEngine engine = engineOf(engines, image, path);
      for (String suffix : engine.sidecarSuffixes()) {
        Optional<EntryView> log = find(walker, new SnapshotPath(snapshot, path + suffix));
        if (log.filter(EntryView::isFile).isPresent()) {
          write(content, log.get(), folder.resolve(NAME + suffix));
        }
      }
      ExtractedDatabase extracted =
          new ExtractedDatabase(directory, engine.recovery().orElseThrow(), snapshot, path);
      extracted.settle();
      complete = true;
      return extracted;
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "%s cannot be written to %s: %s".formatted(OsString.display(path), scratch, Reason.of(e)),
          "make room there, or point TMPDIR elsewhere",
          e);
    } finally {
      if (!complete && directory != null) {
        remove(directory);
      }
    }
  }

  private static void requireSpace(Path scratch, long bytes) throws IOException {
    long available = Posix.statfs(scratch.toString()).availableBytes();
    if (available < bytes + MARGIN_BYTES) {
      throw new IOException(
          "it has %s left, and %s are needed"
              .formatted(Quantity.bytes(available), Quantity.bytes(bytes + MARGIN_BYTES)));
    }
  }

  private static Optional<EntryView> find(Walker walker, SnapshotPath path) {
    try {
      return Optional.of(walker.entryAt(path));
    } catch (HoldfastException.NotFound e) {
      return Optional.empty();
    }
  }

  private static void write(FileContent content, EntryView entry, Path file) throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(
            new Interruptible(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)))) {
      content.writeTo(entry, out);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("it is not empty", e);
    }
  }

  /// Ends when its thread is interrupted, which writing to a file does not.
  private static final class Interruptible extends FilterOutputStream {
    Interruptible(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (Thread.interrupted()) {
        throw new HoldfastException.Cancelled("interrupted while the database was written");
      }
      out.write(bytes, offset, length);
    }
  }

  private static DatabaseEngine engineOf(List<DatabaseEngine> engines, Path image, String path)
      throws IOException {
    for (DatabaseEngine engine : engines) {
      if (engine.recognizes(image.toString()) && engine.recovery().isPresent()) {
        byte[] head = new byte[DatabaseRecovery.HEAD_BYTES];
        int length;
        try (java.io.InputStream in = Files.newInputStream(image)) {
          length = in.readNBytes(head, 0, head.length);
        }
        engine
            .recovery()
            .get()
            .requireReadable(OsString.display(path), java.util.Arrays.copyOf(head, length));
        return engine;
      }
    }
    throw new HoldfastException.Rejected(
        OsString.display(path) + " is no SQLite or DuckDB database", "'holdfast show' lists those");
  }

  private void settle() {
    Optional<String> obstacle = recovery.settle(image());
    if (obstacle.isPresent()) {
      throw new HoldfastException.Corrupt(
          "the log of %s cannot be brought into it: %s".formatted(shown, told(obstacle.get())),
          null);
    }
  }

  private String image() {
    return directory.path().resolve(NAME).toString();
  }

  /// Asks one query.
  ///
  /// @throws HoldfastException.Rejected if it is not one query, or is not understood
  public void query(String query, Answer answer) {
    try {
      recovery.query(image(), query, answer);
    } catch (HoldfastException.Rejected e) {
      throw new HoldfastException.Rejected(told(String.valueOf(e.getMessage())), e.hint());
    }
  }

  /// What an engine says, which knows nothing but the copy.
  private String told(String text) {
    return text.replace(image(), shown);
  }

  private static void remove(PrivateDirectory directory) {
    try {
      PrivateDirectory.removeTree(directory.path());
      directory.close();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          directory.path() + " cannot be removed: " + Reason.of(e), "remove it by hand", e);
    }
  }

  @Override
  public void close() {
    remove(directory);
  }
}
