package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.inspect.ExtractedDatabase;
import dev.holdfast.engine.inspect.SnapshotDatabases;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "query",
    description = {
      "Ask a SQLite or DuckDB database in a snapshot",
      "It is read from a private copy that is removed afterwards. The query sees that database and"
          + " nothing else, and changes nothing."
    })
final class QueryCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(names = "--csv", description = "print comma-separated values, names of columns first")
  boolean csv;

  @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "a snapshot's id, or latest")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "SOURCE",
      description = "a source or a tenant of the app, or the path of the database")
  String source = "";

  @Parameters(index = "2", paramLabel = "SQL", description = "one query")
  String sql = "";

  QueryCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (csv && session.globals().json()) {
      throw new HoldfastException.Rejected("--csv and --json were both given", "give one of them");
    }
    try (RepositoryAccess access = filter.openForReading(session)) {
      SnapshotView snapshot =
          new Snapshots(access.repository())
              .find(name, filter.filter(session.environment()))
              .snapshot();
      String path =
          new SnapshotDatabases(snapshot, new AppSnapshots(access.repository()).manifest(snapshot))
              .find(source);
      try (ExtractedDatabase database =
          ExtractedDatabase.of(
              access.repository(),
              snapshot,
              path,
              session.engines(),
              Path.of(System.getProperty("java.io.tmpdir", "/tmp")))) {
        print(database);
      }
    }
    return ExitCode.DONE;
  }

  private void print(ExtractedDatabase database) {
    if (csv) {
      database.query(sql, new CsvAnswer(session.console()));
    } else if (session.globals().json()) {
      JsonAnswer answer = new JsonAnswer(session.console());
      database.query(sql, answer);
      answer.end();
    } else {
      TableAnswer answer = new TableAnswer(session.console());
      database.query(sql, answer);
      answer.end();
    }
  }
}
