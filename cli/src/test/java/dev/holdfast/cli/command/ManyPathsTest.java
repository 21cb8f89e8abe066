package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots of more paths than anybody reads: a restore point has one for each tenant.
class ManyPathsTest {
  @TempDir Path scratch;

  private Run backedUp(int count) throws Exception {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    List<String> words = new ArrayList<>(List.of("backup"));
    for (int i = 0; i < count; i++) {
      Path file = scratch.resolve("file-%03d".formatted(i));
      Files.writeString(file, "content");
      words.add(file.toString());
    }
    run.holdfast(words.toArray(String[]::new)).done();
    return run;
  }

  @Test
  void theFirstPathsAreShownAndTheOthersCounted() throws Exception {
    Run run = backedUp(300);

    String shown = run.holdfast("snapshots").done().out();
    String grouped = run.holdfast("snapshots", "--group-by", "paths").done().out();

    assertThat(shown).contains("file-000", "file-018", "and 281 more").doesNotContain("file-019");
    assertThat(shown.lines().count()).isLessThan(30);
    assertThat(grouped).contains("file-018, and 281 more]").doesNotContain("file-019");
    assertThat(run.holdfast("forget", "--keep-last", "1").done().out())
        .contains("and 281 more")
        .doesNotContain("file-019");
    assertThat(run.holdfast("ls", "latest", "/").done().out().lines().findFirst().orElseThrow())
        .contains("and 281 more]");
  }

  @Test
  void programsGetThemAll() throws Exception {
    String json = backedUp(300).holdfast("snapshots", "--json").done().out();

    assertThat(json).contains("file-000", "file-150", "file-299").doesNotContain("more");
  }

  @Test
  void planOfARecoveryShowsTheFirstOnesOfWhatIsAlikeAndProgramsGetThemAll() throws Exception {
    for (int i = 0; i < 30; i++) {
      Path folder = Files.createDirectories(scratch.resolve("shop/tenant-%03d".formatted(i)));
      Files.writeString(folder.resolve("note"), "content");
    }
    Files.writeString(scratch.resolve("shop/readme"), "content");
    Files.writeString(
        scratch.resolve("holdfast.yaml"),
        """
        apps:
          shop:
            root: %s/shop
            sources: {notes: {path: 'tenant-{tenant}/note'}, readme: {path: readme}}
        """
            .formatted(scratch));
    Run run =
        Run.on(scratch, scratch.resolve("repository"))
            .set("HOLDFAST_CONFIG", scratch.resolve("holdfast.yaml").toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    Files.delete(scratch.resolve("shop/readme"));

    String shown = run.holdfast("recover", "shop", "--dry-run").done().out();
    String json = run.holdfast("recover", "shop", "--dry-run", "--json").done().out();

    assertThat(shown)
        .contains("/tenant-000/note, with 7 B\n", "/tenant-018/note, with 7 B\n")
        .contains("  replace    and 11 more files, with 77 B\n")
        .containsPattern("  create     file .*/readme, with 7 B\n")
        .contains("the present state is backed up")
        .doesNotContain("tenant-019", "every table has as many rows");
    assertThat(json).contains("/tenant-000/note", "/tenant-019/note", "/tenant-029/note");
  }

  @Test
  void twentyAreShownAsResticShowsThem() throws Exception {
    String shown = backedUp(20).holdfast("snapshots").done().out();

    assertThat(shown).contains("file-000", "file-019").doesNotContain("more");
  }
}
