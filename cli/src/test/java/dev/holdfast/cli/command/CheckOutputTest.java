package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program learns from a check.
class CheckOutputTest {
  @TempDir Path scratch;

  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void backUp() throws IOException {
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    Path file = Files.writeString(scratch.resolve("file"), "content");
    run.holdfast("backup", file.toString()).done();
  }

  private Path first(String folder) throws IOException {
    try (Stream<Path> walk = Files.walk(scratch.resolve("repository").resolve(folder))) {
      return walk.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  /// Makes a file shorter, as a full disk or a broken copy does.
  private static void cut(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(file, Arrays.copyOf(content, content.length - 1));
  }

  @Test
  void soundRepositoryNeedsNoRepair() {
    assertThat(run.holdfast("check", "--json").done().out())
        .contains("\"num_errors\":0", "\"broken_packs\":null")
        .doesNotContain("repair\":[");
  }

  @Test
  void packThatIsTooShortIsBrokenAndSoIsTheWayToRepairItTold() throws IOException {
    Path pack = first("data");
    cut(pack);
    assertThat(run.holdfast("check", "--json").with(1).out())
        .contains("\"broken_packs\":[\"" + pack.getFileName() + "\"]")
        .contains("\"repair\":[\"repair packs " + pack.getFileName() + "\"");
  }

  @Test
  void indexThatCannotBeReadIsToBeRepaired() throws IOException {
    cut(first("index"));
    assertThat(run.holdfast("check", "--json").with(1).out())
        .contains("\"suggest_repair_index\":true", "\"repair\":[\"repair index\"");
  }
}
