package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher and what the process itself does: signals, arguments, streams.
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "holdfast").toAbsolutePath().normalize();
  private static final int STREAM_BYTES = 1 << 20;

  @TempDir Path scratch;

  private Command holdfast(String... arguments) {
    return withRepository(Command.of(LAUNCHER.toString()).with(arguments));
  }

  /// A line for the shell, in which the launcher is `$0`.
  private Command inShell(String line) {
    return withRepository(Command.of("sh", "-c", line, LAUNCHER.toString()));
  }

  private Command withRepository(Command command) {
    return command
        .withEnvironment("HOME", scratch.toString())
        .withEnvironment("RESTIC_REPOSITORY", scratch.resolve("repository").toString())
        .withEnvironment("RESTIC_PASSWORD", "correct horse");
  }

  @Test
  void programRunsThroughLinksFromAnyFolderAndSaysNothingElse() throws Exception {
    Path link = Files.createSymbolicLink(scratch.resolve("hf"), LAUNCHER);
    Path relative = Files.createDirectory(scratch.resolve("bin")).resolve("again");
    Files.createSymbolicLink(relative, Path.of("..", "hf"));
    for (Path way : new Path[] {LAUNCHER, link, relative}) {
      CommandResult result = Command.of(way.toString(), "version").in(scratch).run().succeeded();
      assertThat(result.output()).startsWith("holdfast ").hasLineCount(1);
      assertThat(result.errors()).isEmpty();
    }
  }

  @Test
  void olderJavaInJavaHomeIsPassedOver() {
    CommandResult result =
        holdfast("version")
            .withEnvironment("JAVA_HOME", "/usr/lib/jvm/java-17-openjdk-amd64")
            .withEnvironment("JAVA_TOOL_OPTIONS", "-Dsome=thing")
            .run()
            .succeeded();
    assertThat(result.errors()).isEmpty();
    assertThat(result.output()).doesNotContain("Java 17");
  }

  @Test
  void aWorkingDirectoryThatIsGoneIsNamed() throws Exception {
    Path gone = Files.createDirectory(scratch.resolve("gone"));
    CommandResult result =
        Command.of("sh", "-c", "rmdir ../gone && exec \"$1\" version", "sh", LAUNCHER.toString())
            .in(gone)
            .run()
            .exited(1);
    assertThat(result.errors())
        .contains("holdfast: the working directory does not exist any more")
        .contains("hint: ")
        .doesNotContain("java");
  }

  @Test
  void aLimitOfOpenFilesThatIsTooLowIsNamedAndTheLowestOneIsEnough() throws Exception {
    holdfast("init", "-q").in(scratch).run().succeeded();
    Path deep = scratch.resolve("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z");
    Files.writeString(Files.createDirectories(deep).resolve("file"), "file");
    assertThat(inShell("ulimit -n 255; exec \"$0\" backup a").in(scratch).run().exited(1).errors())
        .startsWith("holdfast: only 255 files may be open at a time\nhint: allow 256 or more")
        .hasLineCount(2);
    inShell("ulimit -n 256; exec \"$0\" backup a").in(scratch).run().succeeded();
    inShell("ulimit -n 256; exec \"$0\" restore latest --target out").in(scratch).run().succeeded();
    assertThat(scratch.resolve("out").resolve(scratch.relativize(deep)).resolve("file"))
        .hasContent("file");
  }

  @Test
  void linksAreFollowedWithoutProgramsOnThePathAndWhateverTheFoldersForCd() throws Exception {
    Files.createSymbolicLink(
        Files.createDirectory(scratch.resolve("here")).resolve("hf"), LAUNCHER);
    Files.createDirectories(scratch.resolve("elsewhere/here"));
    for (String path : List.of("", System.getenv("PATH"))) {
      CommandResult result =
          Command.of("/bin/sh", "-c", "exec here/hf version")
              .withEnvironment("PATH", path)
              .withEnvironment("JAVA_HOME", System.getProperty("java.home"))
              .withEnvironment("CDPATH", scratch.resolve("elsewhere").toString())
              .in(scratch)
              .run()
              .succeeded();
      assertThat(result.output()).startsWith("holdfast ").hasLineCount(1);
      assertThat(result.errors()).isEmpty();
    }
  }

  /// Otherwise the first file that Java opens would be standard input, and be backed up.
  @ParameterizedTest
  @ValueSource(strings = {"<&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"})
  void standardInputThatIsClosedIsNoInput(String closed) {
    holdfast("init", "-q").run().succeeded();
    inShell("exec \"$0\" backup --stdin " + closed).run().exited(1);
    assertThat(scratch.resolve("repository/snapshots")).isEmptyDirectory();
  }

  @Test
  void libraryOfDuckDbIsTheOneOfTheDistribution() throws Exception {
    holdfast("init", "-q").run().succeeded();
    Path database = scratch.resolve("some.duckdb");
    DriverManager.getConnection("jdbc:duckdb:" + database).close();
    holdfast("backup", "-q", database.toString()).run().succeeded();
    assertThat(scratch.resolve(".cache")).doesNotExist();
  }

  @Test
  void checkoutThatHasToBeBuiltAndCannotBeSaysWhoCould() throws Exception {
    Path launcher = checkoutWithBuild("exit 0");
    Files.createFile(scratch.resolve("checkout/cli/target"));
    CommandResult result = Command.of(launcher.toString(), "version").run().exited(1);
    assertThat(result.errors())
        .startsWith("holdfast: it has to be built, and nothing can be written to ")
        .contains("hint: run 'holdfast version' once as the user whom the checkout belongs to")
        .hasLineCount(2);
  }

  @Test
  void twoThatAreStartedAtOnceBuildOnce() throws Exception {
    Path go = scratch.resolve("go");
    Path builds = scratch.resolve("builds");
    Path launcher =
        checkoutWithBuild(
            "echo built >> '%s'; while [ ! -e '%s' ]; do sleep 0.01; done; ".formatted(builds, go)
                + "mkdir -p \"$1/cli/target/dist\"; touch \"$1/cli/target/dist/complete\"");
    Process first = Command.of(launcher.toString(), "version").start();
    await(first, () -> Files.exists(builds));
    Process second = Command.of(launcher.toString(), "version").start();
    await(second, () -> isWaiting(second));
    Files.createFile(go);
    assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(builds).hasContent("built");
  }

  private static void await(Process process, BooleanSupplier state) {
    while (!state.getAsBoolean()) {
      assertThat(process.isAlive()).isTrue();
      Thread.onSpinWait();
    }
  }

  private static boolean isWaiting(Process launcher) {
    return launcher
        .descendants()
        .anyMatch(each -> each.info().command().filter(it -> it.endsWith("/flock")).isPresent());
  }

  /// A checkout that is not built, with a script in place of the build; returns its launcher.
  private Path checkoutWithBuild(String script) throws IOException {
    Path checkout = scratch.resolve("checkout");
    Path build = checkout.resolve("cli/src/main/dist/build");
    Files.createDirectories(build.getParent());
    Files.writeString(build, "#!/bin/sh\n" + script + "\n");
    assertThat(build.toFile().setExecutable(true)).isTrue();
    return Files.copy(LAUNCHER, checkout.resolve("holdfast"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "xx_XX.UTF-8", "xx_XX.ISO-8859-1"})
  void relativePathsMeanTheSameInAnyLocaleAndAlsoOneThatIsNotThere(String locale) throws Exception {
    Path folder = Files.createDirectory(scratch.resolve("Gr\u00fc\u00dfe"));
    for (String command : List.of("init", "snapshots")) {
      CommandResult result =
          holdfast("--repo", "../there", command)
              .withEnvironment("LC_ALL", locale)
              .in(folder)
              .run()
              .succeeded();
      assertThat(result.errors()).isEmpty();
    }
    assertThat(scratch.resolve("there/config")).exists();
  }

  @Test
  void argumentsArePassedOnByteForByte() {
    CommandResult result = holdfast("", "a b", "*", "$HOME", "--").run().exited(2);
    assertThat(result.errors()).contains("unknown command ''");
  }

  @Test
  void programWithoutOpenSslWritesAndReadsTheSameRepositories() throws Exception {
    Path data = Files.createDirectory(scratch.resolve("data"));
    Files.write(data.resolve("file"), new byte[STREAM_BYTES]);
    withoutOpenSsl("init", "-q").run().succeeded();
    holdfast("backup", "-q", data.toString()).run().succeeded();
    Files.writeString(data.resolve("another"), "text");
    withoutOpenSsl("backup", "-q", data.toString()).run().succeeded();
    withoutOpenSsl("check", "--read-data").run().succeeded();
    holdfast("check", "--read-data").run().succeeded();
    new ResticProgram(scratch.resolve("repository"), "correct horse").checkClean();
  }

  private Command withoutOpenSsl(String... arguments) {
    return holdfast(arguments).withEnvironment("HOLDFAST_CRYPTO", "java");
  }

  @Test
  void terminationSignalEndsTheBackupInOrder() throws Exception {
    holdfast("init", "-q").run().succeeded();
    Process backup = holdfast("backup", "--stdin").start();
    writeUntilLocked(backup);
    backup.toHandle().destroy();
    assertThat(backup.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(backup.exitValue()).isEqualTo(130);
    assertThat(scratch.resolve("repository/locks")).isEmptyDirectory();
    assertThat(scratch.resolve("repository/snapshots")).isEmptyDirectory();
  }

  @Test
  void terminationSignalEndsTheCommandWhoseOutputIsBackedUp() throws Exception {
    holdfast("init", "-q").run().succeeded();
    Path started = scratch.resolve("started");
    String script = "touch '" + started + "'; exec sleep 300";
    Process backup = holdfast("backup", "--stdin-from-command", "--", "sh", "-c", script).start();
    while (!Files.exists(started)) {
      assertThat(backup.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    List<ProcessHandle> children = backup.descendants().toList();
    backup.toHandle().destroy();
    assertThat(backup.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(backup.exitValue()).isEqualTo(130);
    Processes.awaitEnd(children);
    assertThat(scratch.resolve("repository/locks")).isEmptyDirectory();
  }

  /// Feeds the backup until it holds its lock: then it is at work.
  private void writeUntilLocked(Process backup) throws IOException {
    byte[] piece = new byte[STREAM_BYTES];
    boolean locked = false;
    while (!locked) {
      backup.getOutputStream().write(piece);
      backup.getOutputStream().flush();
      try (Stream<Path> locks = Files.list(scratch.resolve("repository/locks"))) {
        locked = locks.findAny().isPresent();
      }
    }
    backup.getOutputStream().write(piece);
    backup.getOutputStream().flush();
  }

  @Test
  void readerThatStopsReadingEndsTheListingInSilence() throws Exception {
    holdfast("init", "-q").run().succeeded();
    Path many = Files.createDirectory(scratch.resolve("many"));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(many.resolve("a-rather-long-name-to-fill-the-pipe-" + i));
    }
    holdfast("backup", "-q", many.toString()).run().succeeded();
    Command pipe =
        Command.of(
            "bash", "-c", "set -o pipefail; \"$0\" ls latest | head -n 2", LAUNCHER.toString());
    CommandResult result =
        pipe.withEnvironment("RESTIC_REPOSITORY", scratch.resolve("repository").toString())
            .withEnvironment("RESTIC_PASSWORD", "correct horse")
            .run();
    assertThat(result.errors()).isEmpty();
    assertThat(result.lines()).hasSize(2);
  }
}
