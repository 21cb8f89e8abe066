package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long `forget` keeps what recoveries put aside before they began.
class ForgetRestorePointsTest {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  @TempDir Path scratch;

  private Run run = Run.at(Path.of(""));

  private void backup(long daysAgo, String tags) {
    String time = FORM.format(Instant.now().minus(daysAgo, ChronoUnit.DAYS));
    run.holdfast(
            "backup",
            scratch.resolve("file").toString(),
            "--host",
            "h",
            "--time",
            time,
            "--tag",
            tags)
        .done();
  }

  private void forget(String... options) {
    String[] words = new String[options.length + 5];
    System.arraycopy(new String[] {"forget", "--app", "shop", "--keep-last", "1"}, 0, words, 0, 5);
    System.arraycopy(options, 0, words, 5, options.length);
    run.holdfast(words).done();
  }

  private String left(String tags) {
    return run.holdfast("snapshots", "--tag", tags).done().out();
  }

  @Test
  void restorePointsGoWhenTheyAreAsOldAsTheOptionSays() throws IOException {
    Files.writeString(scratch.resolve("file"), "content");
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    backup(50, "app:shop");
    backup(1, "app:shop");
    for (int days : new int[] {3, 10, 40}) {
      backup(days, "app:shop,pre-restore");
    }
    assertThat(run.holdfast("forget", "--keep-restore-points", "soon").with(1).err())
        .contains("--keep-restore-points");

    forget("--keep-restore-points", "60d");
    assertThat(left("app:shop,pre-restore")).contains("3 snapshots");
    assertThat(left("app:shop")).as("they are not counted by --keep-last").contains("4 snapshots");
    forget();
    assertThat(left("app:shop,pre-restore")).as("30 days by default").contains("2 snapshots");
    forget("--keep-restore-points", "7d");
    assertThat(left("app:shop,pre-restore")).contains("1 snapshots");
    assertThat(left("app:shop")).contains("2 snapshots");
  }
}
