package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Replaces all that is in a database by a dump, in one transaction: whoever looks sees the old
/// content or the new one.
public final class InPlaceLoad {
  /// Relations by which the old content is recognized: one that is left shows that it is there.
  private static final int MARKS_MAX = 50;

  /// Longest wait for somebody who holds a table.
  private static final String LOCK_WAIT = "60s";

  private final PostgresRecovery server;
  private final String database;
  private final NamesLock lock;

  /// @param names of which all but that of the live database are known to this recovery alone
  public InPlaceLoad(PostgresRecovery server, DatabaseNames.Names names) {
    this.server = server;
    this.database = names.live();
    this.lock = new NamesLock(server, names);
  }

  /// Ends a session of an earlier attempt whose connection was lost, which the server may not have
  /// noticed; what it did is done or undone then.
  public void endLost() {
    lock.endHolder();
  }

  /// What shows later whether the present content is still there: [#isGone].
  public String marks() {
    return ownRelations(MARKS_MAX);
  }

  private String ownRelations(int most) {
    try (PsqlSession session = server.openTo(database)) {
      return session
          .column(
              "SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                  + InPlaceScript.OWN_RELATION
                  + " ORDER BY 1 LIMIT "
                  + most)
          .stream()
          .collect(Collectors.joining(","));
    }
  }

  /// Whether the content that had these marks was replaced. Ends every connection first, so that
  /// nothing of an earlier attempt is still under way.
  public boolean isGone(String marks) {
    server.cutOff(database);
    if (marks.isEmpty()) {
      return !ownRelations(1).isEmpty();
    }
    try (PsqlSession session = server.openTo(database)) {
      return session.query("SELECT 1 FROM pg_class WHERE oid IN (" + marks + ")", 1).isEmpty();
    }
  }

  /// Replaces the content.
  ///
  /// @param rows that each table must have afterwards
  /// @throws HoldfastException.Rejected if anything fails: nothing is changed then
  public void load(SeekableDump dump, List<TableRows> rows, Optional<SourceFacts> facts) {
    ClientPrograms.Programs programs = server.programs(PostgresVersion.majorOfDump(facts));
    List<String> restore =
        new ArrayList<>(
            List.of(
                programs.restore(),
                "--clean",
                "--if-exists",
                "--exit-on-error",
                // Else large objects come with a COMMIT of their own.
                "--single-transaction",
                "--file=-"));
    try (UnnamedText list = wanted(programs, dump).text()) {
      restore.add("--use-list=" + list.path());
      restore.add(dump.path());
      try (ClientProcess psql =
              PsqlScript.start(server, programs, database, PsqlScript.FROM_INPUT);
          ClientProcess from =
              ClientProcess.start("pg_restore", restore, server.settings(), server.environment());
          ProcessWatch _ = psql.watch(server.silence(), "the database '" + database + "'")) {
        finish(psql, from, pump(psql, from, rows));
      }
    }
  }

  /// What is in a dump but what concerns what stays: extensions that are there, the schemas that
  /// they lie in, the schema `public`, which need not belong to the user, and casts that do not.
  /// What is said about an extension, or what is somebody else's, is for its owner to say.
  private RestoreList wanted(ClientPrograms.Programs programs, SeekableDump dump) {
    Set<String> extensions;
    Set<String> schemas;
    Set<String> casts;
    Set<String> others;
    try (PsqlSession session = server.openTo(database)) {
      extensions = Set.copyOf(session.column(InPlaceScript.EXTENSIONS));
      schemas = Set.copyOf(session.column(InPlaceScript.STAYING_SCHEMAS));
      casts = Set.copyOf(session.column(InPlaceScript.STAYING_CASTS));
      others = Set.copyOf(session.column(InPlaceScript.OTHERS));
    }
    Set<Integer> unwanted =
        dump.entries().stream()
            .filter(entry ->
                switch (entry.description()) {
                  case ArchiveHead.EXTENSION -> extensions.contains(entry.name());
                  case ArchiveHead.SCHEMA -> schemas.contains(entry.name());
                  case ArchiveHead.CAST -> casts.contains(entry.name());
                  default ->
                      (entry.isSaid()
                              && (others.contains(entry.owner()) || casts.contains(entry.name())))
                          || entry.subject(ArchiveHead.EXTENSION).isPresent()
                          || entry
                              .subject(ArchiveHead.SCHEMA)
                              .filter(schemas::contains)
                              .isPresent();
                })
            .map(ArchiveHead.Entry::id)
            .collect(Collectors.toSet());
    return RestoreList.of(programs, server, dump).withoutEntries(unwanted);
  }

  /// Without the `COMMIT` at the end, however it comes to be missing, nothing is changed.
  ///
  /// @return whether it was sent
  private boolean pump(ClientProcess psql, ClientProcess from, List<TableRows> rows) {
    try {
      OutputStream to = psql.input();
      to.write(OsString.encode(PsqlScript.PREAMBLE));
      to.write(OsString.encode("%s;\nBEGIN;\n%s;\n".formatted(lock.sign(), lock.take())));
      to.write(OsString.encode("SET LOCAL lock_timeout = '" + LOCK_WAIT + "';\n"));
      // Or what goes with something else would hide why it fails.
      to.write(OsString.encode("SET LOCAL client_min_messages = error;\n"));
      to.write(OsString.encode("SET LOCAL search_path = '';\n"));
      to.write(OsString.encode(InPlaceScript.empty()));
      boolean isWhole = new UncommittedScript(from.output()).copyTo(to);
      if (isWhole && from.exitCode() == 0) {
        // The dump has set what its own texts are in.
        to.write(
            OsString.encode(TextEncoding.SET_CLIENT + ";\nSET LOCAL search_path = pg_catalog;\n"));
        to.write(OsString.encode(InPlaceScript.check(rows)));
        to.write(OsString.encode("COMMIT;\n"));
        to.close();
        return true;
      }
      to.close();
    } catch (IOException e) {
      // One of them has ended, and says why.
    }
    return false;
  }

  private void finish(ClientProcess psql, ClientProcess from, boolean isCommitted) {
    int exit = psql.exitCode();
    if (exit != 0) {
      throw new HoldfastException.Rejected(
          "the database '%s' cannot be replaced in place: %s"
              .formatted(database, psql.lastErrors()),
          "with the right CREATEDB it would be replaced by a database beside it");
    }
    if (!isCommitted) {
      throw new HoldfastException.InputOutput(
          "pg_restore did not write all of it: " + from.lastErrors(), "nothing was changed", null);
    }
  }
}
