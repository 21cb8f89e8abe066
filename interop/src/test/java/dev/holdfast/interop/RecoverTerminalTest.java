package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole program on a pseudo terminal, as somebody uses it who is asked which snapshot.
@Tag("slow")
@Timeout(300)
class RecoverTerminalTest {
  private static final String DOWN = "\u001b[B";
  private static final String LAST_LINE = "Esc: leave";
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d");

  @TempDir Path home;
  private Path database;
  private HoldfastProgram holdfast;

  @BeforeEach
  void threeSnapshots() throws IOException {
    database = home.toRealPath().resolve("shop.db");
    holdfast = new HoldfastProgram(home.resolve("repository"), "x");
    holdfast.init(2);
    CheapKey.in(holdfast.repository(), holdfast.password());
    configure("0");
    sqlite("CREATE TABLE t(id)");
    for (int i = 0; i < 3; i++) {
      sqlite("INSERT INTO t VALUES(1)");
      holdfast.run("backup", "--tag", "round" + i, database.toString()).succeeded();
    }
    sqlite("DELETE FROM t");
  }

  private String sqlite(String sql) {
    return Command.of("sqlite3", database.toString(), sql).run().succeeded().output().strip();
  }

  /// A program that runs on a terminal.
  private final class OnTerminal implements AutoCloseable {
    private final Process process;
    private final Reader output;
    private final OutputStream keys;
    private final StringBuilder seen = new StringBuilder();

    OnTerminal() throws IOException {
      this(database.toString());
    }

    OnTerminal(String subject) throws IOException {
      String launcher = HoldfastProgram.launcher().words().getFirst();
      String line =
          "stty rows 24 columns 160; exec '%s' -r '%s' recover '%s'"
              .formatted(launcher, holdfast.repository(), subject);
      ProcessBuilder builder =
          new ProcessBuilder("script", "-q", "-e", "-c", line, "/dev/null")
              .redirectErrorStream(true);
      builder.environment().put("RESTIC_PASSWORD", "x");
      builder.environment().put("HOME", home.toString());
      builder.environment().put("TERM", "xterm");
      builder.environment().put("HOLDFAST_CONFIG", configuration().toString());
      process = builder.start();
      output = process.inputReader(StandardCharsets.UTF_8);
      keys = process.getOutputStream();
    }

    /// Reads until `text` is on the screen.
    OnTerminal sees(String text) throws IOException {
      while (seen.indexOf(text) < 0) {
        int next = output.read();
        assertThat(next).as("waited for '%s' in:%n%s", text, seen).isNotNegative();
        seen.append((char) next);
      }
      seen.delete(0, seen.indexOf(text) + text.length());
      return this;
    }

    /// The line of the list that has `text` in it.
    String line(String text) throws IOException {
      StringBuilder all = new StringBuilder(seen);
      while (all.indexOf(LAST_LINE) < 0) {
        int next = output.read();
        assertThat(next).as("waited for the end of the list in:%n%s", all).isNotNegative();
        all.append((char) next);
        seen.append((char) next);
      }
      return all.toString()
          .lines()
          .filter(line -> line.contains(text))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + text + " in " + all));
    }

    OnTerminal types(String text) throws IOException {
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
      return this;
    }

    int ends() throws IOException, InterruptedException {
      for (int next = output.read(); next >= 0; next = output.read()) {
        seen.append((char) next); // the end of the output is the end of the program
      }
      return process.waitFor();
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  @Test
  void theSnapshotThatIsChosenIsRecovered() throws Exception {
    try (OnTerminal terminal = new OnTerminal()) {
      terminal.sees("Which snapshot?").sees("round2").sees("round0").sees("Esc: leave");
      terminal.types(DOWN).sees("2 of 3").types("\r");
      terminal.sees("type 'shop.db' to go on").types("shop.db\n");
      assertThat(terminal.ends()).isZero();
    }
    assertThat(sqlite("SELECT count(*) FROM t")).isEqualTo("2");
  }

  @Test
  void theListSaysWhichSnapshotsWereDrilledAndHowThatEnded() throws Exception {
    configure("1");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sqlite("INSERT INTO t VALUES(1)");
      ids.add(Workplace.savedSnapshot(run("backup", "shop").succeeded().output()));
    }
    run("drill", "shop", "--snapshot", ids.get(0)).succeeded();
    assertThat(run("drill", "shop", "--snapshot", ids.get(1)).exitCode()).isEqualTo(1);

    try (OnTerminal terminal = new OnTerminal("shop")) {
      terminal.sees("Which snapshot?");
      assertThat(times(terminal.line("Made"))).isEmpty();
      assertThat(terminal.line("Made")).contains("Drilled");
      assertThat(times(terminal.line(ids.get(0)))).hasSize(2);
      assertThat(terminal.line(ids.get(0))).doesNotContain("failed");
      assertThat(times(terminal.line(ids.get(1)))).hasSize(2);
      assertThat(terminal.line(ids.get(1))).contains("failed 2");
      assertThat(times(terminal.line(ids.get(2)))).hasSize(1);
      terminal.types("\u001b");
      assertThat(terminal.ends()).isEqualTo(4);
    }
  }

  private static List<String> times(String line) {
    return TIME.matcher(line).results().map(MatchResult::group).toList();
  }

  private Path configuration() {
    return home.resolve("holdfast.yaml");
  }

  /// @param rows that the check of the app wants
  private void configure(String rows) throws IOException {
    Files.writeString(
        configuration(),
        """
        apps:
          shop:
            sources: {main: {path: %s}}
            checks:
              rows: {sql: SELECT count(*) FROM t, source: main, equals: '%s'}
            drill: {scratch: %s}
        """
            .formatted(database, rows, home.resolve("scratch")));
  }

  private CommandResult run(String... words) {
    return holdfast
        .command(words)
        .withEnvironment("HOLDFAST_CONFIG", configuration().toString())
        .withEnvironment("HOME", home.toString())
        .run();
  }

  @Test
  void leavingTheListIsADecliningAndChangesNothing() throws Exception {
    try (OnTerminal terminal = new OnTerminal()) {
      terminal.sees("Esc: leave").types("\u001b");
      terminal.sees("declined: nothing was changed");
      assertThat(terminal.ends()).isEqualTo(4);
    }
    assertThat(sqlite("SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(Files.exists(home.resolve(".local/state"))).isFalse();
  }
}
