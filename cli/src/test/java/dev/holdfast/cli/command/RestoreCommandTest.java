package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a restore says when it does not do what was meant, and what it leaves then.
class RestoreCommandTest {
  private static final int FILE_BYTES = 3_000_000;

  @TempDir Path scratch;

  private Path data = Path.of("");
  private Run run = Run.at(data);

  @BeforeEach
  void backUpThreeFiles() throws Exception {
    data = Files.createDirectories(scratch.toRealPath().resolve("data"));
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    Random random = new Random(1);
    byte[] noise = new byte[FILE_BYTES];
    for (String name : new String[] {"a", "b", "c"}) {
      random.nextBytes(noise);
      Files.write(data.resolve(name), noise);
    }
    run.holdfast("backup", data.toString()).done();
  }

  @Test
  void patternThatMatchesNothingIsToldAndOneThatDoesIsNot() {
    Path out = scratch.resolve("out");
    Run.Ended slip = restore(out, "--include", "/aa", "--include", "/bb").done();
    assertThat(slip.err()).contains("warning: nothing was restored: no pattern of --include");
    assertThat(slip.err()).contains(":" + data + "' lists what there is");
    assertThat(restore(out, "--include", "/aa", "--quiet", "--json").done().err())
        .contains("nothing was restored");
    assertThat(restore(out, "--include", "/a", "--dry-run").done().err()).isEmpty();
    assertThat(restore(out, "--include", "/a").done().err()).isEmpty();
    assertThat(restore(out, "--include", "/a", "--overwrite", "never").done().err())
        .as("it is there and stays")
        .isEmpty();
    assertThat(restore(out, "--exclude", "*").done().err()).isEmpty();
  }

  /// Without `--dry-run`, a failure of this test would be that of the machine.
  @ParameterizedTest
  @ValueSource(strings = {"/", "//", "/.", "/tmp/..", "/proc/self/root", "LINK"})
  void deletingInTheRootIsRefusedHoweverTheRootIsWritten(String root) throws Exception {
    Path link = Files.createSymbolicLink(scratch.resolve("link"), Path.of("/"));
    String target = root.equals("LINK") ? link.toString() : root;
    assertThat(
            run.holdfast("restore", "latest", "--dry-run", "--delete", "--target", target)
                .with(1)
                .err())
        .contains("--delete on / would remove the system");
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "never"})
  void restoreOntoAFullDiskIsDoneByTheSameCommandOnceThereIsRoom(String overwrite)
      throws Exception {
    Path small = Files.createDirectory(scratch.resolve("small"));
    Optional<Mount> disk = Mount.smallDisk(small, "7m");
    assumeThat(disk).as("mounting takes root").isPresent();
    try (Mount mounted = disk.orElseThrow()) {
      Path out = small.resolve("out");
      Run.Ended full = restore(out, "--overwrite", overwrite).with(1);
      assertThat(full.err())
          .contains("no space left on device", "hint: make room in the target and run the same");
      if (overwrite.equals("always")) {
        assertThat(full.err()).contains("only a part of its content is there");
      } else {
        assertThat(full.err()).doesNotContain("only a part of its content is there");
        try (java.util.stream.Stream<Path> left = Files.list(out)) {
          assertThat(left)
              .allSatisfy(file -> assertThat(file).hasSameBinaryContentAs(stored(file)))
              .hasSizeLessThan(3);
        }
      }
      mounted.remount("size=20m");
      restore(out, "--overwrite", overwrite).done();
      Command.of("diff", "-r", data.toString(), out.toString()).run().succeeded();
    }
  }

  private Path stored(Path file) {
    return data.resolve(file.getFileName());
  }

  private Run.Ended restore(Path target, String... more) {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "restore";
    arguments[1] = "latest:" + data;
    arguments[2] = "--target";
    arguments[3] = target.toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return run.holdfast(arguments);
  }
}
