package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import dev.holdfast.engine.source.sql.Answer;
import dev.holdfast.engine.source.sql.QueryRun;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// DuckDB as a recovery needs it.
final class DuckDbRecovery implements DatabaseRecovery {
  /// A person waits for the rows of a database to be counted, so larger ones are not.
  private static final long LOOK_BYTES_MAX = 2L << 30;

  private final DuckDbOptions options;
  private final Clock clock;

  DuckDbRecovery(DuckDbOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  @Override
  public void requireReadable(String shown, byte[] head) {
    Place place = new Place(shown, shown);
    FileHead parsed;
    try {
      parsed = FileHead.parse(head, head.length);
    } catch (MalformedException e) {
      throw Failures.damaged(place, "it " + e.getMessage());
    }
    if (parsed.isTooOld()) {
      throw Failures.tooOld(place, parsed);
    }
    if (parsed.isEncrypted()) {
      throw Failures.notRecoverable(
          "database %s is encrypted, and cannot be checked without its key", place);
    }
    if (parsed.isTooNew()) {
      throw Failures.notRecoverable(
          "database %s has storage version "
              + parsed.storageVersion()
              + ", which is newer than the DuckDB that would check it",
          place);
    }
  }

  @Override
  public SourceFacts verify(String path) {
    Place place = new Place(path, path);
    try (DataFile file = DataFile.open(path)) {
      FileHead head = head(place, file);
      DatabaseHeader header = head.active().orElseThrow();
      refuseLogs(path);
      BlockMap map = BlockMap.read(file, header);
      new BlockCheck(place, file, header).run(map);
      ImageCheck.Found found = new ImageCheck(place, options).run(file, List.of(), true);
      return new SourceFacts(
          head.library(),
          clock.instant(),
          found.tables(),
          Optional.of(found.schemaFingerprint()),
          Map.of(SourceFacts.STORAGE_VERSION, Long.toString(head.storageVersion())),
          List.of());
    } catch (MalformedException e) {
      throw Failures.damaged(place, "it " + e.getMessage());
    } catch (IOException e) {
      throw Failures.io(path, e);
    }
  }

  private FileHead head(Place place, DataFile file) throws IOException {
    byte[] bytes = new byte[FileHead.BYTES];
    int length = file.readUpTo(0, bytes, 0, bytes.length);
    byte[] head = java.util.Arrays.copyOf(bytes, length);
    requireReadable(place.path(), head);
    try {
      return FileHead.parse(head, length);
    } catch (MalformedException e) {
      throw Failures.damaged(place, "it " + e.getMessage());
    }
  }

  private static void refuseLogs(String path) {
    firstLog(path)
        .ifPresent(log -> {
          throw new HoldfastException.Corrupt(
              "there is a log beside the staged database: " + log, null);
        });
  }

  private static Optional<String> firstLog(String path) {
    return DuckDbEngine.SIDECARS.stream()
        .map(suffix -> path + suffix)
        .filter(Posix::isPresent)
        .findFirst();
  }

  @Override
  public Optional<SourceFacts> look(String path) {
    try {
      if (Posix.stat(path).sizeBytes() > LOOK_BYTES_MAX) {
        return Optional.empty();
      }
      try (DuckDbImage image = new DuckDbSource(options, clock, () -> {}).open(path)) {
        return image
            .facts()
            .filter(facts -> !facts.properties().containsKey(SourceFacts.UNVERIFIED));
      }
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException | PosixException e) {
      return Optional.empty(); // damaged, or gone: that is why it is being recovered
    }
  }

  /// DuckDB locks the whole file, for reading if it only reads.
  @Override
  public Optional<Long> lockHolder(String path) {
    try {
      Optional<DataFile> file = DataFile.openIfPresent(path);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      try (DataFile open = file.get()) {
        long pid = Posix.lockHolder(open.fd(), 0, 0);
        return pid == Posix.NO_HOLDER ? Optional.empty() : Optional.of(Math.max(pid, 0));
      }
    } catch (PosixException e) {
      throw Failures.io(path, e);
    }
  }

  @Override
  public Optional<String> settle(String path) {
    if (firstLog(path).isEmpty()) {
      return Optional.empty();
    }
    try (DataFile file = DataFile.open(path)) {
      head(new Place(path, path), file);
    } catch (IOException | HoldfastException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    try {
      NamedDatabase.open(
          path,
          options,
          new Properties(),
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.execute("CHECKPOINT");
            }
          });
    } catch (IOException | HoldfastException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      return Optional.of("DuckDB says '" + Failures.saying(e, "", path) + "'");
    }
    return firstLog(path).map(log -> "DuckDB keeps the log " + log);
  }

  @Override
  public String ask(String path, String query) {
    try (DuckDbImage image = new DuckDbSource(options, clock, () -> {}).open(path)) {
      Place place = new Place(path, path);
      return OpenImage.use(
          place,
          options,
          image.copy(),
          image.logs(),
          connection -> {
            try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
              String value = rows.next() ? rows.getString(1) : null;
              return value == null ? "" : value;
            } catch (SQLException e) {
              throw new HoldfastException.Rejected(
                  "database %s does not answer: %s"
                      .formatted(place.shown(), Failures.saying(e, "", path)),
                  "");
            }
          });
    } catch (IOException e) {
      throw Failures.io(path, e);
    }
  }

  @Override
  public void query(String path, String query, Answer answer) {
    Place place = new Place(path, path);
    Properties settings = new Properties();
    settings.setProperty("access_mode", "READ_ONLY");
    settings.setProperty("enable_external_access", "false");
    settings.setProperty("lock_configuration", "true");
    try {
      boolean done =
          NamedDatabase.open(
              path,
              options,
              settings,
              connection -> {
                QueryRun.run(connection, place.shown(), query, answer);
                return true;
              });
      assert done;
    } catch (IOException e) {
      throw Failures.io(path, e);
    } catch (SQLException e) {
      throw Failures.refusedByDuckDb(place, Failures.saying(e, "", path));
    }
  }

  @Override
  public SourceFacts mask(String path, List<String> statements, String rewritten) {
    Place place = new Place(path, path);
    try {
      new Rewriting(place, options).run(statements, rewritten);
      return verify(rewritten);
    } catch (IOException e) {
      throw Failures.io(path, e);
    } catch (SQLException e) {
      throw Failures.refusedByDuckDb(place, Failures.saying(e, "", path));
    }
  }

  @Override
  public void importExport(String folder, String path, Optional<String> like) {
    boolean done = new Import(options).run(folder, path, like, connection -> true);
    assert done;
  }

  @Override
  public List<String> exportNames() {
    return List.of(ExportScript.SCHEMA, ExportScript.LOAD);
  }
}
