package dev.holdfast.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportTargetTest {
  private static final String FIRST = "2026-03-08T110000Z";
  private static final String SECOND = "2026-03-08T120000Z";

  @TempDir Path root;

  private Path export(String place, String name) throws IOException {
    Path folder = Files.createDirectories(root.resolve(place).resolve(name));
    Files.writeString(folder.resolve(ExportFolder.NAME), "{}");
    return folder;
  }

  private void keepOne(String made) throws IOException {
    try (ExportTarget target = ExportTarget.open(root)) {
      target.keep(1, made);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2099-01-01T000000Z", "2026-13-40T000000Z", "2026-03-08T246060Z"})
  void whatSortsBehindTheOneJustMadeDoesNotPushItOut(String other) throws IOException {
    Path first = export("shared", FIRST);
    Path second = export("shared", SECOND);
    Path later = export("tenants/acme", other);

    keepOne(SECOND);

    assertThat(first).doesNotExist();
    assertThat(second).isDirectory();
    assertThat(later).isDirectory();
  }

  @Test
  void namesThatLookLikeTimesAreReadAsSuch() {
    for (String name : new String[] {FIRST, "2024-02-30T235959Z", "0000-01-01T000000Z"}) {
      assertThat(ExportTarget.TIMESTAMP.matcher(name).matches()).isTrue();
      assertThat(ExportTarget.instant(name)).isNotNull();
    }
    assertThat(ExportTarget.TIMESTAMP.matcher("2026-13-01T000000Z").matches()).isFalse();
  }
}
