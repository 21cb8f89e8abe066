package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program as the shell and the system see it: defaults, a lost terminal, locales.
class CommandLineTest {
  private static final int MUCH = 1 << 20;

  @TempDir Path folder;
  private Workplace work;
  private Path tree;

  @BeforeEach
  void makeSomeFiles() throws IOException {
    work = Workplace.in(folder);
    tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("a.txt"), "hello");
  }

  @Test
  void theFirstBackupCreatesTheDefaultRepositoryAndItsPassword() throws IOException {
    CommandResult result = inHome("backup", tree.toString()).run().succeeded();

    Path password;
    try (Stream<Path> files = Files.walk(folder.resolve("home/config"))) {
      password = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(result.errors()).contains("Keep a copy of it", password.toString());
    assertThat(inHome("backup", tree.toString()).run().succeeded().errors()).isEmpty();
    assertThat(inHome("snapshots", "-c").run().succeeded().output()).contains("2 snapshots");
  }

  @Test
  void aPasswordIsExpensiveToTry() throws IOException {
    work.holdfast().init(2);
    Path key;
    try (Stream<Path> keys = Files.list(work.holdfast().repository().resolve("keys"))) {
      key = keys.findFirst().orElseThrow();
    }
    // What restic's own calibration chooses for the memory, and less than half a second of work.
    assertThat(Files.readString(key)).contains("\"N\":32768,\"r\":8,\"p\":3");
  }

  @Test
  void aBackupSurvivesTheEndOfItsTerminal() throws Exception {
    work.init(2);
    Process backup = startBackupOfStdin();
    try (OutputStream input = backup.getOutputStream()) {
      input.write(new byte[MUCH]);
      kill("HUP", backup);
      input.write(new byte[MUCH]);
    }
    assertThat(backup.waitFor()).isZero();
    assertThat(work.restic().run("stats", "latest").succeeded().output()).contains("2.000 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void pathsOfAnyBytesAreTakenFromTheCommandLineInEveryLocale(String locale) {
    work.init(2);
    String made = "name=$(printf 'n\\303\\274\\377'); echo content > \"$name\"; ";

    shell(made + "$HOLDFAST backup -q \"$name\"")
        .withEnvironment("LC_ALL", locale)
        .run()
        .succeeded();

    shell("$RESTIC restore latest --target out").run().succeeded();
    assertThat(
            shell("cd out && find . -type f | LC_ALL=C grep -c \"$(printf 'n\\303\\274\\377')$\"")
                .withEnvironment("LC_ALL", "C")
                .run()
                .succeeded()
                .output()
                .strip())
        .isEqualTo("1");
  }

  @Test
  void outputThatIsNoTerminalHasNoProgress() {
    work.init(2);
    CommandResult plain = work.holdfast().run("backup", tree.toString()).succeeded();

    assertThat(plain.output() + plain.errors()).doesNotContain("\u001b", "\r");
  }

  @Test
  void outputThatIsNoTerminalHasProgressWhenItIsAskedFor() throws Exception {
    work.init(2);
    Process backup =
        work.holdfast()
            .command("backup", "--stdin")
            .withEnvironment("RESTIC_PROGRESS_FPS", "20")
            .start();
    String line = "";
    while (!line.startsWith("[0:")) {
      line = backup.inputReader().readLine();
      assertThat(line)
          .as(() -> "ended, and said: " + String.join(" ", backup.errorReader().lines().toList()))
          .isNotNull();
    }
    assertThat(line).endsWith("0 errors");
    try (OutputStream input = backup.getOutputStream()) {
      input.write(new byte[MUCH]);
    }
    backup.inputReader().lines().forEach(each -> assertThat(each).doesNotContain("\u001b", "\r"));
    assertThat(backup.waitFor()).isZero();
  }

  private Command inHome(String... arguments) {
    Path home = folder.resolve("home");
    return HoldfastProgram.launcher()
        .with(arguments)
        .withEnvironment("XDG_DATA_HOME", home.resolve("data").toString())
        .withEnvironment("XDG_CONFIG_HOME", home.resolve("config").toString());
  }

  /// A backup that has read nothing yet, but holds its lock.
  private Process startBackupOfStdin() throws IOException {
    Process backup = work.holdfast().command("backup", "--stdin").start();
    assertThat(backup.inputReader().readLine()).contains("parent");
    return backup;
  }

  private static void kill(String signal, Process process) {
    Command.of("kill", "-" + signal, Long.toString(process.pid())).run().succeeded();
  }

  private Command shell(String script) {
    return Command.of("sh", "-c", script)
        .in(folder)
        .withEnvironment("HOLDFAST", HoldfastProgram.launcher().words().getFirst())
        .withEnvironment("RESTIC", work.restic().program() + " --no-cache")
        .withEnvironment("RESTIC_REPOSITORY", work.holdfast().repository().toString())
        .withEnvironment("RESTIC_PASSWORD", work.password());
  }
}
