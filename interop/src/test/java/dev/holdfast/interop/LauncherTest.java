package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    return Command.of(LAUNCHER.toString())
        .with(arguments)
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
