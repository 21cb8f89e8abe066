package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same command lines given to a current restic and to Holdfast: scripts see the same fields
/// and the same exit codes. `docs/restic-differences.md` lists where they do not.
class CommandsAgainstResticTest {
  @TempDir static Path folder;
  private static Workplace work;
  private static ResticProgram restic;
  private static Path tree;
  private static String first;
  private static String second;

  @BeforeAll
  static void makeARepositoryWithTwoSnapshots() throws IOException {
    work = Workplace.in(folder);
    restic = work.newerRestic();
    tree = Files.createDirectories(folder.resolve("tree/deep")).getParent();
    Files.writeString(tree.resolve("a.txt"), "hello");
    Files.writeString(tree.resolve("deep/\"quoted\" <&>.txt"), "first");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a.txt"));
    work.init(2);
    first = backup();
    Files.writeString(tree.resolve("deep/\"quoted\" <&>.txt"), "second, longer");
    Files.writeString(tree.resolve("new"), "new");
    second = backup();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapshots",
        "snapshots latest",
        "snapshots --group-by host",
        "snapshots --host nobody",
        "ls latest",
        "find a.txt",
        "find nothing",
        "diff FIRST SECOND",
        "diff --metadata FIRST SECOND",
        "stats",
        "stats --mode raw-data",
        "key list",
        "check",
        "cat config",
        "restore SECOND --target TARGET --dry-run -vv",
        "backup TREE -q"
      })
  void jsonHasTheFieldsAndTypesOfRestics(String line) {
    String[] words = words(line + " --json");
    String theirs = String.join("\n", withoutProgress(restic.run(words).succeeded()));
    String ours = String.join("\n", withoutProgress(work.holdfast().run(words).succeeded()));

    assertThat(JsonShape.of(ours))
        .as("%s%n%s%n%s", line, theirs, ours)
        .isEqualTo(JsonShape.of(theirs));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapshots --host nobody",
        "ls SECOND",
        "ls -l SECOND",
        "ls SECOND / --recursive",
        "find *.txt",
        "diff FIRST SECOND",
        "diff --metadata FIRST SECOND",
        "stats --mode blobs-per-file",
        "dump SECOND TREE/a.txt",
        "cat config"
      })
  void textIsRestics(String line) {
    String[] words = words(line);

    assertThat(work.holdfast().run(words).succeeded().output())
        .isEqualTo(restic.run(words).succeeded().output());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls deadbeef",
        "dump SECOND /nope",
        "cat blob deadbeef",
        "diff deadbeef SECOND",
        "restore SECOND:/nope --target TARGET",
        "find [",
        "stats --mode unknown",
        "check --read-data-subset=0/1",
        "backup",
        "backup /does/not/exist",
        "backup TREE --exclude-file /does/not/exist",
        "init",
        "key remove deadbeef"
      })
  void failuresExitWithRestics(String line) {
    String[] words = words(line);
    CommandResult theirs = restic.run(words);
    CommandResult ours = work.holdfast().run(words);

    assertThat(ours.exitCode()).as(ours.errors()).isEqualTo(theirs.exitCode()).isNotZero();
    assertThat(ours.errors()).isNotEmpty().doesNotContain("\tat ");
  }

  @Test
  void noRepositoryAndWrongPasswordsExitWithResticsCodesAndMessages() {
    Path nowhere = folder.resolve("nowhere");
    Path place = work.holdfast().repository();
    Map<Integer, CommandResult[]> results = new TreeMap<>();
    results.put(
        10,
        new CommandResult[] {
          new HoldfastProgram(nowhere, "x").run("snapshots", "--json"),
          new ResticProgram(restic.program(), nowhere, "x").run("snapshots", "--json")
        });
    results.put(
        12,
        new CommandResult[] {
          new HoldfastProgram(place, "x").run("snapshots", "--json"),
          new ResticProgram(restic.program(), place, "x").run("snapshots", "--json")
        });

    results.forEach((code, both) -> {
      for (CommandResult result : both) {
        result.exited(code);
        assertThat(result.output()).isEmpty();
      }
      assertThat(JsonShape.of(both[0].errors())).isEqualTo(JsonShape.of(both[1].errors()));
    });
  }

  @Test
  void aRepositoryInUseByResticIsLockedForWhatNeedsItAlone() throws Exception {
    Process holder =
        restic.command("backup", "--stdin", "--stdin-filename", "held", "--host", "x").start();
    try (OutputStream input = holder.getOutputStream()) {
      input.write("something".getBytes(StandardCharsets.UTF_8));
      input.flush();
      while (isEmpty(work.holdfast().repository().resolve("locks"))) {
        assertThat(holder.isAlive()).isTrue();
        Thread.onSpinWait();
      }

      work.holdfast().run("check", "--json").exited(11);
      work.holdfast().run("check", "--no-lock").succeeded();
      work.holdfast().run("snapshots").succeeded();
    }
    assertThat(holder.waitFor()).isZero();
    restic.run("forget", "--host", "x", "--unsafe-allow-remove-all").succeeded();
  }

  @Test
  void aMissingPathBesideAnotherIsReportedAndNotRecorded() {
    CommandResult result =
        work.holdfast().run("backup", "--json", "/does/not/exist", tree.toString()).exited(3);

    assertThat(JsonShape.of(result.errors()))
        .contains("message_type=error", "message_type=exit_error", ".item string");
    assertThat(restic.run("snapshots", "latest", "--json").succeeded().output())
        .contains("\"parent\"")
        .doesNotContain("/does/not/exist");
  }

  @Test
  void restoresCountAsResticsAndWhatIsInPlaceApart() {
    String[] ours = {"restore", first, "--json", "--target", folder.resolve("ours").toString()};
    String[] theirs = {"restore", first, "--json", "--target", folder.resolve("theirs").toString()};
    for (int time = 1; time <= 2; time++) {
      CommandResult expected = restic.run(theirs).succeeded();

      assertThat(withoutProgress(work.holdfast().run(ours).succeeded()))
          .as("time %d", time)
          .hasSize(1)
          .isEqualTo(withoutProgress(expected));
    }
  }

  /// Both say how far they are at intervals, and how long it took if it was a second or more: which
  /// a slow machine lets pass.
  private static List<String> withoutProgress(CommandResult result) {
    return result.lines().stream()
        .filter(line -> !line.contains("\"message_type\":\"status\""))
        .map(line -> line.replaceFirst("\"seconds_elapsed\":\\d+,", ""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshots", "packs", "index", "keys"})
  void listsHoldTheSameIds(String kind) {
    assertThat(work.holdfast().run("list", kind).succeeded().lines())
        .containsExactlyInAnyOrderElementsOf(restic.run("list", kind).succeeded().lines());
  }

  @Test
  void optionsOfResticAreAccepted() {
    work.holdfast()
        .run("snapshots", "--no-extra-verify", "--insecure-tls", "--cacert", "x", "--no-cache")
        .succeeded();
    work.holdfast().run("snapshots", "--limit-upload", "9", "--limit-download", "9").succeeded();
  }

  @Test
  void generatedCompletionsAreValidScripts() {
    Path script = folder.resolve("completion.bash");
    work.holdfast().run("generate", "--bash-completion", script.toString()).succeeded();

    Command.of("bash", "-n", script.toString()).run().succeeded();
  }

  private static boolean isEmpty(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.findAny().isEmpty();
    }
  }

  private static String backup() {
    return Workplace.savedSnapshot(
        work.holdfast().run("backup", tree.toString()).succeeded().output());
  }

  private static String[] words(String line) {
    return line.replace("FIRST", first)
        .replace("SECOND", second)
        .replace("TARGET", folder.resolve("target").toString())
        .replace("TREE", tree.toString())
        .split(" ", -1);
  }
}
