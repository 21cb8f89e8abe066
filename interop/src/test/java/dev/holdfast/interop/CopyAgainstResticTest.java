package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// Copies between repositories of both programs and both versions of the format: what one copied
/// the other knows, and finds nothing wrong with.
@Tag("slow")
class CopyAgainstResticTest {
  private static final Pattern TREES = Pattern.compile("\"tree\":\"([0-9a-f]{64})\"");

  @TempDir Path folder;
  private Workplace source;
  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.out.println("CopyAgainstResticTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    source = Workplace.in(folder);
    data = Files.createDirectory(folder.resolve("data"));
    byte[] noise = new byte[3 << 20];
    random.nextBytes(noise);
    Files.write(data.resolve("noise"), noise);
    Files.writeString(data.resolve("text"), "compressible ".repeat(200_000));
    Command.of(
            "sqlite3",
            data.resolve("app.db").toString(),
            "CREATE TABLE t(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE"
                + " i<20000) INSERT INTO t SELECT hex(randomblob(20)) FROM n;")
        .run()
        .succeeded();
    Files.createDirectory(data.resolve("folder"));
    Files.writeString(data.resolve("folder/small"), "small");
  }

  @ParameterizedTest
  @CsvSource({"2,2", "1,2", "2,1"})
  void whatHoldfastCopiesIsCleanAndResticCopiesNoneOfItAgain(int from, int to) throws Exception {
    source.init(from);
    source.holdfast().run("backup", "--tag", "a", data.toString()).succeeded();
    Files.writeString(data.resolve("folder/small"), "changed");
    source.restic().run("backup", "--tag", "b", data.toString()).succeeded();
    Workplace target = source.beside("target");
    init(target, to);

    CommandResult copied = copy(target.holdfast().command("copy")).run().succeeded();

    assertThat(copied.output()).contains("saved, copied from source snapshot");
    target.restic().checkClean();
    assertThat(trees(target)).isEqualTo(trees(source));
    assertThat(copy(target.newerRestic().command("copy")).run().succeeded().output())
        .doesNotContain("saved");
    assertThat(copy(target.holdfast().command("copy")).run().succeeded().output())
        .contains("copied 0 snapshots", "2 were there");
    assertThat(snapshots(target)).hasSize(2);
  }

  @Test
  void whatResticCopiedIsNotCopiedAgainUnlessItsTagsAreOthers() throws Exception {
    source.initByRestic(2);
    source.restic().run("backup", "--tag", "a", data.toString()).succeeded();
    Workplace target = source.beside("target");
    init(target, 2);
    copy(target.newerRestic().command("copy")).run().succeeded();

    assertThat(copy(target.holdfast().command("copy", "-v")).run().succeeded().output())
        .contains("was already copied to snapshot");
    source.restic().run("tag", "--add", "b").succeeded();
    copy(target.holdfast().command("copy", "--tag", "b")).run().succeeded();
    copy(target.holdfast().command("copy", "--tag", "nothing")).run().succeeded();

    assertThat(snapshots(target)).hasSize(2);
    target.restic().checkClean();
  }

  @Test
  void aDamagedSourceIsSaidAndNothingOfItIsListed() throws Exception {
    source.initByRestic(2);
    source.restic().run("backup", data.toString()).succeeded();
    try (Stream<Path> files = Files.walk(source.restic().repository().resolve("data"))) {
      for (Path pack : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(pack);
        bytes[1000] ^= 1;
        Files.delete(pack);
        Files.write(pack, bytes);
      }
    }
    Workplace target = source.beside("target");
    init(target, 2);

    CommandResult result = copy(target.holdfast().command("copy")).run();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.errors()).contains("damaged");
    assertThat(snapshots(target)).isEmpty();
    target.restic().checkClean();
  }

  private void init(Workplace target, int version) {
    copy(target
            .holdfast()
            .command(
                "init", "--copy-chunker-params", "--repository-version", Integer.toString(version)))
        .run()
        .succeeded();
    CheapKey.in(target.holdfast().repository(), target.password());
    assertThat(polynomial(target)).isEqualTo(polynomial(source));
  }

  private Command copy(Command command) {
    return command
        .withEnvironment("RESTIC_FROM_REPOSITORY", source.restic().repository().toString())
        .withEnvironment("RESTIC_FROM_PASSWORD", source.password());
  }

  private static String polynomial(Workplace work) {
    String config = work.holdfast().run("cat", "config").succeeded().output();
    Matcher matcher = Pattern.compile("\"chunker_polynomial\": *\"([0-9a-f]+)\"").matcher(config);
    assertThat(matcher.find()).as(config).isTrue();
    return matcher.group(1);
  }

  private static List<String> trees(Workplace work) {
    return all(TREES, work.newerRestic().run("snapshots", "--json").succeeded().output());
  }

  private static List<String> snapshots(Workplace work) {
    return all(
        Pattern.compile("\"short_id\":\"([0-9a-f]+)\""),
        work.newerRestic().run("snapshots", "--json").succeeded().output());
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).sorted().toList();
  }
}
