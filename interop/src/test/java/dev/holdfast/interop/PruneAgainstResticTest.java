package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `prune` and `repair` on repositories that restic and Holdfast made, judged by restic's `check
/// --read-data`.
@Tag("slow")
class PruneAgainstResticTest {
  private static final int FILES = 24;
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int BACKUPS = 5;

  private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path folder;
  private Workplace work;
  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    System.err.println("PruneAgainstResticTest seed " + seed);
    work = Workplace.in(folder);
    data = Files.createDirectory(folder.resolve("data"));
    for (int i = 0; i < FILES; i++) {
      write(i);
    }
  }

  private void write(int number) throws IOException {
    byte[] content = new byte[random.nextInt(1, FILE_BYTES_MAX)];
    random.nextBytes(content);
    Files.write(data.resolve("file" + number), content);
  }

  private void change() throws IOException {
    for (int i = 0; i < FILES / 5; i++) {
      write(random.nextInt(FILES));
    }
  }

  @ParameterizedTest
  @CsvSource({"old,1,2", "new,2,1", "mixed,2,3"})
  void thePlanIsResticsAndWhatIsLeftIsSound(String maker, int version, int kept)
      throws IOException {
    work.init(version);
    for (int i = 0; i < BACKUPS; i++) {
      change();
      backUp(maker, i);
    }
    work.holdfast().run("forget", "--group-by", "", "--keep-last=" + kept).succeeded();
    ResticProgram newer = work.newerRestic();
    // restic of Debian 13 does not know yet which packs are unusually small.
    for (String limit : List.of("5%", "0")) {
      String[] words = {"prune", "--dry-run", "--json", "--repack-small", "--max-unused", limit};
      assertThat(numbers(work.holdfast().run(words).succeeded()))
          .as("%s with --max-unused %s", maker, limit)
          .isEqualTo(numbersOfText(newer.run(withoutJson(words)).succeeded()));
    }

    work.holdfast().run("prune", "--max-unused", "0").succeeded();

    work.restic().checkClean();
    newer.checkClean();
    assertThat(newer.run("prune", "--dry-run").succeeded().output())
        .containsPattern("total prune: +0 blobs / 0 B");
    assertRestored();
  }

  private void backUp(String maker, int number) {
    switch (maker) {
      case "old" -> work.restic().run("backup", data.toString()).succeeded();
      case "new" -> work.newerRestic().run("backup", data.toString()).succeeded();
      case "own" -> work.holdfast().run("backup", data.toString()).succeeded();
      default -> backUp(List.of("old", "new", "own").get(number % 3), number);
    }
  }

  private static String[] withoutJson(String[] words) {
    return Stream.of(words).filter(word -> !word.equals("--json")).toArray(String[]::new);
  }

  /// Blobs that are repacked, left out by that, deleted, and that remain.
  private static List<Long> numbers(CommandResult result) {
    Matcher found =
        Pattern.compile(
                "\"blobs\":\\{.*\"repack\":(\\d+),\"repack_remove\":(\\d+),\"remove\":(\\d+),"
                    + ".*?\"remaining\":(\\d+)\\}")
            .matcher(result.output());
    return found.find() ? groups(found, 4) : List.of();
  }

  private static List<Long> numbersOfText(CommandResult result) {
    Matcher found =
        Pattern.compile(
                "to repack: +(\\d+) blobs.*this removes: +(\\d+) blobs.*to delete: +(\\d+) blobs"
                    + ".*remaining: +(\\d+) blobs",
                Pattern.DOTALL)
            .matcher(result.output());
    return found.find() ? groups(found, 4) : List.of(-1L);
  }

  private static List<Long> groups(Matcher found, int count) {
    List<Long> groups = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      groups.add(Long.parseLong(found.group(i)));
    }
    return groups;
  }

  private void assertRestored() throws IOException {
    Path target = Files.createTempDirectory(folder, "restored");
    work.restic().run("restore", "latest", "--target", target.toString()).succeeded();
    for (int i = 0; i < FILES; i++) {
      Path file = data.resolve("file" + i);
      assertThat(Files.readAllBytes(Workplace.restored(target, file)))
          .isEqualTo(Files.readAllBytes(file));
    }
  }

  @Test
  void forgetWithPruneRemovesBoth() throws IOException {
    work.init(2);
    for (int i = 0; i < 3; i++) {
      change();
      work.restic().run("backup", data.toString()).succeeded();
    }
    long before = bytes();
    CommandResult dry =
        work.holdfast().run("forget", "--keep-last", "1", "--prune", "--dry-run").succeeded();
    assertThat(dry.output()).contains("Would have made the following changes");
    assertThat(bytes()).isEqualTo(before);

    work.holdfast().run("forget", "--keep-last", "1", "--prune").succeeded();

    assertThat(bytes()).isLessThan(before);
    work.restic().checkClean();
    assertRestored();
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.walk(work.restic().repository())) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  @Test
  void aRepositoryOfResticThatLostItsIndexAndAPackIsRepaired() throws IOException {
    work.initByRestic(2);
    work.restic().run("backup", data.toString()).succeeded();
    for (Path file : list("index")) {
      Files.delete(file);
    }
    work.holdfast().run("repair", "index", "--dry-run").succeeded();
    assertThat(list("index")).isEmpty();
    repair("index");
    work.restic().checkClean();

    Path pack = largestPack();
    byte[] content = Files.readAllBytes(pack);
    content[content.length / 3] ^= 1;
    Files.delete(pack);
    Files.write(pack, content);
    CommandResult check = work.holdfast().run("check", "--read-data");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.output()).contains("holdfast repair packs " + pack.getFileName());
    repair("packs", pack.getFileName().toString());
    repair("snapshots", "--forget");
    work.restic().checkClean();
    work.holdfast().run("prune").succeeded();
    work.restic().checkClean();

    work.restic().run("backup", data.toString()).succeeded();
    assertRestored();
  }

  private void repair(String... words) {
    List<String> all = new ArrayList<>(List.of("repair"));
    all.addAll(List.of(words));
    all.addAll(List.of("--keep-in", folder.resolve("kept").toString()));
    work.holdfast().run(all.toArray(String[]::new)).succeeded();
  }

  private List<Path> list(String kind) throws IOException {
    try (Stream<Path> files = Files.list(work.restic().repository().resolve(kind))) {
      return files.toList();
    }
  }

  private Path largestPack() throws IOException {
    try (Stream<Path> files = Files.walk(work.restic().repository().resolve("data"))) {
      return files
          .filter(Files::isRegularFile)
          .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
          .orElseThrow();
    }
  }

  @Test
  void aMigratedRepositoryIsResticsVersionTwo() throws IOException {
    work.initByRestic(1);
    work.restic().run("backup", data.toString()).succeeded();
    assertThat(work.holdfast().run("migrate").succeeded().output()).contains("upgrade_repo_v2");

    work.holdfast()
        .run("migrate", "upgrade_repo_v2", "--keep-in", folder.resolve("kept").toString())
        .succeeded();

    assertThat(folder.resolve("kept").resolve("config")).exists();
    assertThat(work.restic().run("cat", "config").succeeded().output()).contains("\"version\": 2");
    work.holdfast().run("prune", "--repack-uncompressed").succeeded();
    work.restic().checkClean();
    assertThat(work.holdfast().run("prune", "--repack-uncompressed", "--dry-run").output())
        .containsPattern("to repack: +0 blobs");
    assertRestored();
  }
}
