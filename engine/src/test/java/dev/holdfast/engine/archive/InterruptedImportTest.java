package dev.holdfast.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.archive.read.Limits;
import dev.holdfast.engine.archive.read.Metered;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptedImportTest {
  @TempDir Path folder;

  @Test
  void whoIsInterruptedLooksAtNoFurtherFile() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    for (int number = 0; number < 3; number++) {
      Files.writeString(tree.resolve("file" + number), "text");
    }
    Interrupting engine = new Interrupting();

    try (Scratch scratch = Scratch.in(folder)) {
      DatabaseInspection inspection =
          new DatabaseInspection(request(tree, engine), scratch, tree.toString(), Instant.EPOCH);
      assertThatThrownBy(() -> inspection.run(false)).isInstanceOf(Cancelled.class);
    } finally {
      Thread.interrupted();
    }

    assertThat(engine.asked).isEqualTo(1);
  }

  @Test
  void whoIsInterruptedUnpacksNoMore() throws Exception {
    byte[] content = new byte[2];
    try (Metered metered =
        new Metered(new ByteArrayInputStream(content), Limits.DEFAULT, () -> content.length)) {
      assertThat(metered.read()).isZero();
      Thread.currentThread().interrupt();

      assertThatThrownBy(metered::read).isInstanceOf(Cancelled.class);
    } finally {
      Thread.interrupted();
    }
  }

  private ImportRequest request(Path tree, DatabaseEngine engine) {
    return new ImportRequest(
        tree,
        "tree",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Limits.DEFAULT,
        folder,
        List.of(engine),
        Map.of(),
        Clock.systemUTC());
  }

  /// Recognizes nothing; whoever asks is told to end.
  private static final class Interrupting implements DatabaseEngine {
    private int asked;

    @Override
    public String name() {
      return "none";
    }

    @Override
    public boolean recognizes(byte[] head, int length) {
      asked++;
      Thread.currentThread().interrupt();
      return false;
    }

    @Override
    public boolean recognizes(String path) {
      return false;
    }

    @Override
    public List<String> sidecarSuffixes() {
      return List.of();
    }

    @Override
    public Content open(String path) {
      throw new AssertionError("nothing was recognized");
    }
  }
}
