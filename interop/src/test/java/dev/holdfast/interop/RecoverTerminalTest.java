package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @TempDir Path home;
  private Path database;
  private HoldfastProgram holdfast;

  @BeforeEach
  void threeSnapshots() throws IOException {
    database = home.toRealPath().resolve("shop.db");
    holdfast = new HoldfastProgram(home.resolve("repository"), "x");
    holdfast.init(2);
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
      String launcher = HoldfastProgram.launcher().words().getFirst();
      String line =
          "stty rows 24 columns 120; exec '%s' -r '%s' recover '%s'"
              .formatted(launcher, holdfast.repository(), database);
      ProcessBuilder builder =
          new ProcessBuilder("script", "-q", "-e", "-c", line, "/dev/null")
              .redirectErrorStream(true);
      builder.environment().put("RESTIC_PASSWORD", "x");
      builder.environment().put("HOME", home.toString());
      builder.environment().put("TERM", "xterm");
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
