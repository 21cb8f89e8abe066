package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Options of `prune`, and of the cache.
class PruneOptionsTest {
  @TempDir Path scratch;

  @Test
  void oneRunCopiesNoMoreThanItMayAndNeverDeletesTheIndexFirst() throws Exception {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    Path data = Files.createDirectory(scratch.resolve("data"));
    Random random = new Random(5);
    for (int i = 0; i < 4; i++) {
      byte[] content = new byte[300_000];
      random.nextBytes(content);
      Files.write(data.resolve("file" + i), content);
    }
    run.holdfast("backup", data.toString()).done();
    Files.delete(data.resolve("file0"));
    run.holdfast("backup", data.toString()).done();
    run.holdfast("forget", "--keep-last", "1").done();
    long before = files("data");

    Run.Ended refused = run.holdfast("prune", "--unsafe-recover-no-free-space", "id").with(1);
    assertThat(refused.err())
        .contains("--unsafe-recover-no-free-space deletes the index", "--max-repack-size 0");
    assertThat(run.holdfast("prune", "--max-repack-size", "much").with(1).err())
        .contains("--max-repack-size");

    String none = plan(run, "0");
    assertThat(none).contains("\"repack\":0");
    run.holdfast("prune", "--max-unused", "0", "--max-repack-size", "0").done();
    assertThat(files("data"))
        .as("the pack that is used in part")
        .isGreaterThanOrEqualTo(before - 1);
    assertThat(plan(run, "0")).contains("\"repack\":0");
    String unbounded = plan(run, "1G");
    assertThat(unbounded).doesNotContain("\"repack\":0");

    run.holdfast("prune", "--max-unused", "0", "--max-repack-size", "1G").done();

    assertThat(plan(run, "1G")).contains("\"repack\":0");
    run.holdfast("check", "--read-data").done();
  }

  private static String plan(Run run, String most) {
    return run.holdfast(
            "prune", "--json", "--dry-run", "--max-unused", "0", "--max-repack-size", most)
        .done()
        .out();
  }

  private long files(String kind) throws IOException {
    try (Stream<Path> files = Files.walk(scratch.resolve("repository").resolve(kind))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void onlyPacksOfTreesAreCopiedWhenNothingElseMayBe() throws Exception {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    Path data = Files.createDirectory(scratch.resolve("data"));
    Random random = new Random(6);
    for (String folder : new String[] {"one", "two"}) {
      byte[] content = new byte[300_000];
      random.nextBytes(content);
      Files.write(Files.createDirectory(data.resolve(folder)).resolve("file"), content);
    }
    run.holdfast("backup", data.toString()).done();
    Files.delete(data.resolve("one/file"));
    run.holdfast("backup", data.toString()).done();
    run.holdfast("forget", "--keep-last", "1").done();
    String[] dry = {"prune", "--json", "--dry-run", "--max-unused", "0"};
    assertThat(repackedPacks(run.holdfast(dry).done().out())).as("content and trees").isEqualTo(2);
    long content = bytesOf("data");

    run.holdfast("prune", "--max-unused", "0", "--repack-cacheable-only").done();

    assertThat(bytesOf("data")).as("the pack of the content stays").isGreaterThan(content - 20_000);
    assertThat(repackedPacks(run.holdfast(dry).done().out())).as("the content").isEqualTo(1);
    run.holdfast("prune", "--max-unused", "0").done();
    assertThat(bytesOf("data")).isLessThan(content - 200_000);
    run.holdfast("check", "--read-data").done();
  }

  private static int repackedPacks(String json) {
    Matcher packs =
        Pattern.compile("\\{[^{}]*\"partly_used\"[^{}]*\"repack\":(\\d+)").matcher(json);
    assertThat(packs.find()).as(json).isTrue();
    return Integer.parseInt(packs.group(1));
  }

  private long bytesOf(String kind) throws IOException {
    try (Stream<Path> files = Files.walk(scratch.resolve("repository").resolve(kind))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void copiesThatWereNotUsedForAMonthGoWhenThatIsAskedFor() throws Exception {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    Path cache = scratch.resolve("cache");
    Path old = Files.createDirectories(cache.resolve("holdfast-" + "a".repeat(64)));
    Path recent = Files.createDirectories(cache.resolve("holdfast-" + "b".repeat(64)));
    Path foreign = Files.createDirectories(cache.resolve("other"));
    Files.writeString(old.resolve("copy"), "content");
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(40)));
    Files.setLastModifiedTime(old, then);
    Files.setLastModifiedTime(foreign, then);
    String place = cache.toString();

    run.holdfast("snapshots", "--cache-dir", place).done();
    run.holdfast("snapshots", "--cache-dir", place, "--cleanup-cache", "--no-cache").done();
    assertThat(old).exists();

    run.holdfast("snapshots", "--cache-dir", place, "--cleanup-cache").done();

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThat(foreign).exists();
  }
}
