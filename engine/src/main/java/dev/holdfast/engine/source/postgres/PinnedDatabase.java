package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.stream.BlockInput;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One committed state of a database, held by a session from [PostgresServer#pin] to [#close], and
/// its dump in the custom format of `pg_dump`, not compressed. Writers are never blocked; a change
/// of a table's definition waits until the dump is done.
///
/// The dump is followed to its end as it streams, and its rows are counted.
public final class PinnedDatabase implements StreamSource {
  /// A property: what the database took up.
  static final String SIZE = "size in bytes";

  /// How a warning begins that is about dumps without definitions. It is given of the tables of
  /// extensions in others as well, as of those of TimescaleDB in every one.
  private static final String OF_DATA_ALONE = "there are circular foreign-key constraints";

  private final ClientPrograms.Programs programs;
  private final PostgresSettings settings;
  private final Map<String, String> environment;
  private final Silence silence;
  private final PsqlSession session;
  private final Catalog catalog;
  private final State state;
  private final ArchiveCheck check = new ArchiveCheck();
  private @Nullable Description description;
  private @Nullable ClientProcess dump;
  private @Nullable ReadAhead output;
  private Set<String> rewritten = Set.of();

  /// What the session said when the state was fixed.
  private record State(
      String database,
      String snapshot,
      Instant instant,
      String version,
      boolean standby,
      long sizeBytes) {}

  /// What the catalog says, read while the dump is being made.
  private record Description(
      String fingerprint, Map<String, String> properties, List<String> unlogged) {}

  private PinnedDatabase(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment,
      Silence silence,
      PsqlSession session,
      Catalog catalog,
      State state) {
    this.programs = programs;
    this.settings = settings;
    this.environment = environment;
    this.silence = silence;
    this.session = session;
    this.catalog = catalog;
    this.state = state;
  }

  static PinnedDatabase pin(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment,
      Clock clock,
      Silence silence,
      int serverMajor) {
    String database = settings.keywords().getOrDefault(PostgresSettings.DATABASE, "");
    PsqlSession session =
        PsqlSession.open(programs, settings, environment, name(database), silence);
    try {
      session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      Instant instant = clock.instant();
      List<String> row =
          session.row(
              "SELECT pg_export_snapshot(), pg_is_in_recovery(), current_setting('server_version')",
              3);
      boolean standby = row.get(1).equals("t");
      Catalog catalog = new Catalog(session, serverMajor);
      State state =
          new State(
              database,
              row.get(0),
              instant,
              row.get(2).split(" ", 2)[0],
              standby,
              catalog.sizeBytes());
      return new PinnedDatabase(programs, settings, environment, silence, session, catalog, state);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static String name(String database) {
    return "the database '" + database + "'";
  }

  /// The database's name.
  public String database() {
    return state.database();
  }

  /// The instant that the dump shows.
  public Instant instant() {
    return state.instant();
  }

  @Override
  public String kind() {
    return "postgres";
  }

  @Override
  public Claim claim() {
    return Claim.TRANSACTIONAL;
  }

  @Override
  public OptionalLong expectedRowBytes() {
    return OptionalLong.of(state.sizeBytes());
  }

  @Override
  public InputStream open() {
    if (dump != null) {
      throw new IllegalStateException("opened twice");
    }
    Map<String, String> own = new LinkedHashMap<>(environment);
    // A dump is in the encoding of its database, whatever the user's terminal shows.
    own.remove("PGCLIENTENCODING");
    ClientProcess started = ClientProcess.start("pg_dump", command(), settings, own);
    dump = started;
    output =
        new ReadAhead(
            started.output(), "pg_dump-output", silence, "pg_dump of " + name(state.database()));
    description =
        new Description(
            catalog.schemaFingerprint(),
            catalog.properties(),
            state.standby() ? catalog.unloggedTables() : List.of());
    return new Checked(output);
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                programs.dump(),
                "--format=custom",
                "--compress=0",
                "--no-password",
                "--snapshot=" + state.snapshot(),
                "--lock-wait-timeout=" + settings.lockWait().toMillis()));
    if (state.standby()) {
      command.add("--no-unlogged-table-data");
    }
    command.add("--dbname=" + settings.connectionString());
    return command;
  }

  @Override
  public void confirmComplete() {
    if (dump == null) {
      throw new IllegalStateException("not opened");
    }
    int exit = dump.exitCode();
    if (exit != 0) {
      String said = dump.lastErrors();
      throw new HoldfastException.InputOutput(
          "pg_dump of %s failed with exit code %d%s"
              .formatted(name(state.database()), exit, said.isEmpty() ? "" : ": " + said),
          said.isEmpty() ? "somebody ended it; nothing was stored" : Hints.forFailure(said),
          null);
    }
    if (!check.isComplete()) {
      throw new HoldfastException.InputOutput(
          "the dump of %s is not complete: %s".formatted(name(state.database()), check.missing()),
          "nothing was stored; see whether pg_dump by itself does better",
          null);
    }
    requireNoneEmptied();
  }

  /// What `TRUNCATE`, or an `ALTER TABLE` that writes a table anew, does between the snapshot and
  /// the locks of `pg_dump` leaves the table empty to whoever has that snapshot (PostgreSQL's
  /// manual, "Caveats" of concurrency control).
  private void requireNoneEmptied() {
    for (TableRows table : check.tables()) {
      if (table.rows() == 0 && rewritten.contains(table.name())) {
        throw new HoldfastException.InputOutput(
            "the table %s of %s was emptied or written anew (TRUNCATE, ALTER TABLE) while the backup began, and its rows cannot be read any more as they were"
                .formatted(table.name(), name(state.database())),
            "run the backup again when that is over",
            null);
      }
    }
  }

  @Override
  public Optional<SourceFacts> facts() {
    Description described = Objects.requireNonNull(description);
    Map<String, String> properties = new LinkedHashMap<>(described.properties());
    properties.put(SIZE, Long.toString(state.sizeBytes()));
    properties.put("pg_dump", check.programVersion());
    if (state.standby()) {
      properties.put("standby", "yes");
    }
    if (check.largeObjects() > 0) {
      properties.put("large objects", Long.toString(check.largeObjects()));
    }
    List<String> warnings = new ArrayList<>();
    if (!described.unlogged().isEmpty()) {
      warnings.add(
          "the rows of unlogged tables cannot be read on a standby and are not in the dump: "
              + String.join(", ", described.unlogged()));
    }
    Objects.requireNonNull(dump).warnings().stream()
        .filter(warning -> !warning.startsWith(OF_DATA_ALONE))
        .map(warning -> "pg_dump says: " + warning)
        .forEach(warnings::add);
    return Optional.of(
        new SourceFacts(
            state.version(),
            state.instant(),
            check.tables(),
            Optional.of(described.fingerprint()),
            properties,
            warnings));
  }

  @Override
  public void close() {
    if (output != null) {
      output.close();
    }
    if (dump != null) {
      dump.close();
    }
    session.close();
  }

  /// The dump, checked as it is read.
  private final class Checked extends BlockInput {
    private final InputStream input;

    Checked(InputStream input) {
      this.input = input;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = input.read(target, offset, length);
      if (read > 0) {
        boolean hadHead = check.hasHead();
        check.accept(target, offset, read);
        if (check.hasHead() && !hadHead) {
          // It holds its locks now, so nothing is rewritten from here on.
          rewritten = Set.copyOf(catalog.rewrittenTables());
        }
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      input.close();
    }
  }
}
