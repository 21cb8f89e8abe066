package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tag` does to a repository what restic does to a copy of it: to the tag, to its place in the
/// list, to the original.
@Tag("slow")
class TagAgainstResticTest {
  private static final int CHANGES = 4;
  private static final List<String> LISTS =
      List.of("a", "b,c", "", "c, d ,a", "e,e", "d,", "f", "a,b,c,d,e,f");

  @TempDir Path folder;

  @Test
  void tagsAndOriginalsAreThoseThatResticMakes() throws IOException {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.out.println("TagAgainstResticTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Workplace ours = Workplace.in(folder);
    Path file = Files.writeString(folder.resolve("file"), "content");
    ours.initByRestic(2);
    ours.restic().run("backup", "--tag", "a,b,c,d", "--host", "one", file.toString()).succeeded();
    ours.restic().run("backup", "--host", "two", file.toString()).succeeded();
    Workplace theirs = ours.beside("theirs");
    Command.of(
            "cp",
            "-a",
            folder.resolve("repository").toString(),
            folder.resolve("theirs").toString())
        .run()
        .succeeded();

    for (int i = 0; i < CHANGES; i++) {
      String[] change = change(random);
      CommandResult expected = theirs.newerRestic().run(change);
      CommandResult result = ours.holdfast().run(change);

      assertThat(result.exitCode()).as("%s", List.of(change)).isEqualTo(expected.exitCode());
      assertThat(ours.snapshotTexts()).as("%s", List.of(change)).isEqualTo(theirs.snapshotTexts());
    }
    ours.restic().checkClean();
  }

  private static String[] change(SplittableRandom random) {
    String list = LISTS.get(random.nextInt(LISTS.size()));
    String other = LISTS.get(random.nextInt(LISTS.size()));
    return switch (random.nextInt(4)) {
      case 0 -> new String[] {"tag", "--set", list, "--host", "one"};
      case 1 -> new String[] {"tag", "--add", list, "--remove", other};
      case 2 -> new String[] {"tag", "--remove", list, "latest"};
      default -> new String[] {"tag", "--tag", "a", "--add", list};
    };
  }
}
