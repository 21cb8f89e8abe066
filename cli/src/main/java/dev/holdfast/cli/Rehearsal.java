package dev.holdfast.cli;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.RawArguments;
import dev.holdfast.repository.key.KeyringOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// The training run of the build: does a little of everything in a scratch folder, so that the
/// ahead-of-time cache holds the classes that real runs need.
final class Rehearsal {
  private static final int ROWS = 20_000;

  private final Path scratch;
  private final Map<String, String> variables;

  private Rehearsal(Path scratch) {
    this.scratch = scratch;
    this.variables =
        Map.of(
            "HOME",
            scratch.toString(),
            "RESTIC_REPOSITORY",
            scratch.resolve("repository").toString(),
            "RESTIC_PASSWORD",
            "rehearsal",
            "AWS_ACCESS_KEY_ID",
            "id",
            "AWS_SECRET_ACCESS_KEY",
            "secret");
  }

  /// Runs the commands in the folder that is the first argument; on a bucket as well if the second
  /// is `s3`.
  public static void main(String[] args) throws IOException, SQLException {
    // What Main does besides.
    Console console = Console.ofProcess(Map.of(), OsString::encode);
    Interruption interruption = Interruption.ofThisThread(console);
    console.flush();
    WarmUp.start(List.of("backup", args.length > 1 ? args[1] + ":" : ""), Map.of());
    new Environment(System.getenv()).setting("REPOSITORY");
    Path scratch = Path.of(RawArguments.of(args).getFirst());
    Rehearsal rehearsal = new Rehearsal(scratch);
    rehearsal.run();
    if (args.length > 1 && args[1].equals("s3")) {
      rehearsal.runOnBucket();
    }
    // Not as Main does: the cache is written at Java's own end.
    interruption.inOrder();
    System.exit(ExitCode.DONE);
  }

  private void run() throws IOException, SQLException {
    Path data = Files.createDirectories(scratch.resolve("data"));
    Files.writeString(data.resolve("notes.txt"), "some text\n".repeat(ROWS));
    writeDatabase(data.resolve("app.db"), 0);
    run("version");
    run("--help");
    run("init");
    run("backup", data.toString());
    writeDatabase(data.resolve("app.db"), ROWS);
    run("backup", "--json", data.toString());
    run("snapshots");
    run("snapshots", "--json");
    run("ls", "-l", "latest");
    run("find", "*.db");
    run("show", "latest");
    run("forget", "--keep-last", "1", "--dry-run");
    run("stats");
    run("check", "--read-data");
    run("restore", "latest", "--verify", "--target", scratch.resolve("restored").toString());
    run("key", "list");
    run("unlock");
  }

  private void runOnBucket() throws IOException {
    String data = scratch.resolve("data").toString();
    try (RehearsalBucket bucket = new RehearsalBucket()) {
      run("-r", bucket.address(), "init");
      run("-r", bucket.address(), "backup", data);
      run("-r", bucket.address(), "snapshots");
      run("-r", bucket.address(), "ls", "latest");
    }
  }

  private static Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  private static void writeDatabase(Path file, int from) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode = wal");
      statement.execute("create table if not exists notes (id integer primary key, text text)");
      statement.execute(
          """
          with recursive numbers(n) as (select %d union all select n + 1 from numbers where n < %d)
          insert into notes select n, hex(randomblob(40)) from numbers
          """
              .formatted(from + 1, from + ROWS));
    }
  }

  private void run(String... arguments) {
    Console console =
        new Console(
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            false,
            OsString::encode);
    new Program(
            console,
            variables,
            InputStream.nullInputStream(),
            false,
            Rehearsal::clock,
            KeyringOptions::of)
        .run(List.of(arguments));
  }
}
