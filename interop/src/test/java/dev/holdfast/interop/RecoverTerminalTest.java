package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole program on a pseudo terminal, as somebody uses it who is asked which snapshot.
@Tag("slow")
class RecoverTerminalTest {
  private static final String DOWN = "\u001b[B";
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

  private OnTerminal recover(String subject) throws IOException {
    String launcher = HoldfastProgram.launcher().words().getFirst();
    String line =
        "exec '%s' -r '%s' recover '%s'".formatted(launcher, holdfast.repository(), subject);
    return new OnTerminal(
        line,
        Map.of(
            "RESTIC_PASSWORD",
            holdfast.password(),
            "HOME",
            home.toString(),
            "HOLDFAST_CONFIG",
            configuration().toString()));
  }

  @Test
  void theSnapshotThatIsChosenIsRecovered() throws Exception {
    try (OnTerminal terminal = recover(database.toString())) {
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

    try (OnTerminal terminal = recover("shop")) {
      terminal.sees("Which snapshot?");
      assertThat(times(line(terminal, "Made"))).isEmpty();
      assertThat(line(terminal, "Made")).contains("Drilled");
      assertThat(times(line(terminal, ids.get(0)))).hasSize(2);
      assertThat(line(terminal, ids.get(0))).doesNotContain("failed");
      assertThat(times(line(terminal, ids.get(1)))).hasSize(2);
      assertThat(line(terminal, ids.get(1))).contains("failed 2");
      assertThat(times(line(terminal, ids.get(2)))).hasSize(1);
      terminal.types("\u001b");
      assertThat(terminal.ends()).isEqualTo(4);
    }
  }

  /// The line of the list that has `text` in it.
  private static String line(OnTerminal terminal, String text) throws IOException {
    return terminal.line(text, "Esc: leave");
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
    try (OnTerminal terminal = recover(database.toString())) {
      terminal.sees("Esc: leave").types("\u001b");
      terminal.sees("declined: nothing was changed");
      assertThat(terminal.ends()).isEqualTo(4);
    }
    assertThat(sqlite("SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(Files.exists(home.resolve(".local/state"))).isFalse();
  }
}
