package dev.holdfast.cli.demo;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shows in some seconds what Holdfast is for: backs up a database that is being written to, loses
/// it, gets it back, and proves that nothing is wrong with it.
public final class Demonstration {
  private static final int BACKUPS = 3;
  private static final Duration WORK_BETWEEN = Duration.ofMillis(1200);

  private final Console console;
  private final ProgramCall program;
  private final Path folder;
  private final Path database;
  private final List<String> snapshots = new ArrayList<>();
  private final List<Long> transfersBefore = new ArrayList<>();

  /// Runs a command line of the program, with variables set, its output going to a console.
  @FunctionalInterface
  public interface ProgramCall {
    int run(List<String> arguments, Map<String, String> variables, Console output);
  }

  /// A demonstration in `folder`, an empty one.
  public Demonstration(Console console, ProgramCall program, Path folder) {
    this.console = console;
    this.program = program;
    this.folder = folder;
    this.database = folder.resolve("app").resolve("bank.db");
  }

  /// Runs it.
  ///
  /// @return whether every restored database kept its promises
  public boolean run() throws IOException, SQLException, InterruptedException {
    Files.createDirectories(folder.resolve("app"));
    Files.writeString(folder.resolve("password"), "a password for the demonstration\n");
    try (Connection connection = Bank.open(database)) {
      Bank.create(connection);
    }
    say(
        "A small bank in SQLite, %d accounts, %s, in %s"
            .formatted(Bank.ACCOUNTS, Sizes.bytes(Files.size(database)), database));
    for (Map.Entry<String, String> variable : new TreeMap<>(variables()).entrySet()) {
      say("$ export %s=%s".formatted(variable.getKey(), variable.getValue()));
    }
    call("init");
    BusyWriter writer = new BusyWriter(database, new Random());
    try (writer) {
      writer.start();
      say("A thread now makes transfers without a pause, and is not stopped for the backups.");
      for (int i = 0; i < BACKUPS; i++) {
        Thread.sleep(WORK_BETWEEN);
        backUp(writer);
      }
    }
    long last;
    try (Connection connection = Bank.open(database)) {
      last = Bank.transfers(connection);
    }
    say("The writer stopped after %,d transfers.".formatted(last));
    lose();
    boolean good = true;
    for (int i = 0; i < snapshots.size(); i++) {
      good &= restore(i);
    }
    call("check", "--read-data");
    say(
        good
            ? "Every snapshot is the database at one instant: nothing lost, nothing half done."
            : "A restored database is wrong: this is a defect of Holdfast.");
    return good;
  }

  private void backUp(BusyWriter writer) throws SQLException {
    long before = writer.commits();
    writer.takeLongestMillis();
    long start = System.nanoTime();
    String output = call("backup", "--json", folder.resolve("app").toString());
    double seconds = (System.nanoTime() - start) / 1e9;
    snapshots.add(field(output, "snapshot_id"));
    transfersBefore.add(before);
    say(
        String.format(
            Locale.ROOT,
            "  snapshot %s: %s read, %s stored, %.1f s; meanwhile %,d commits, the longest %.0f ms",
            snapshots.getLast().substring(0, 8),
            Sizes.bytes(Long.parseLong(field(output, "total_bytes_processed"))),
            Sizes.bytes(Long.parseLong(field(output, "data_added_packed"))),
            seconds,
            writer.commits() - before,
            writer.takeLongestMillis()));
  }

  private void lose() throws IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(Path.of(database + suffix));
    }
    say("Then the database is lost: deleted, with its -wal and -shm.");
  }

  private boolean restore(int number) throws SQLException {
    Path target = folder.resolve("restored-" + (number + 1));
    long start = System.nanoTime();
    String from = snapshots.get(number).substring(0, 8) + ":" + folder.resolve("app");
    call("restore", from, "--target", target.toString(), "--quiet");
    double seconds = (System.nanoTime() - start) / 1e9;
    try (Connection connection = Bank.open(target.resolve("bank.db"))) {
      List<String> violations = new ArrayList<>(Bank.violations(connection));
      long transfers = Bank.transfers(connection);
      if (transfers < transfersBefore.get(number)) {
        violations.add("transfers from before the backup are missing");
      }
      say(
          String.format(
              Locale.ROOT,
              "  restored in %.1f s: %,d transfers, %s",
              seconds,
              transfers,
              violations.isEmpty()
                  ? "sums, counts and integrity check are right"
                  : String.join("; ", violations)));
      return violations.isEmpty();
    }
  }

  /// Runs a command, says so, and returns what it printed.
  private String call(String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(arguments));
    say("$ holdfast " + String.join(" ", words));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status = program.run(words, variables(), quiet(output, errors));
    if (status != 0) {
      throw new HoldfastException.Rejected(
          "'%s' of the demonstration failed with status %d: %s"
              .formatted(command, status, errors.toString(StandardCharsets.UTF_8).strip()),
          "");
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  private Map<String, String> variables() {
    return Map.of(
        "HOLDFAST_REPOSITORY",
        folder.resolve("repository").toString(),
        "HOLDFAST_PASSWORD_FILE",
        folder.resolve("password").toString());
  }

  private static Console quiet(OutputStream output, OutputStream errors) {
    return new Console(output, errors, false, OsString::encode);
  }

  private static String field(String json, String name) {
    Matcher field = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    String value = "";
    while (field.find()) {
      value = field.group(1);
    }
    return value;
  }

  private void say(String line) {
    console.line(line);
    console.flush();
  }
}
