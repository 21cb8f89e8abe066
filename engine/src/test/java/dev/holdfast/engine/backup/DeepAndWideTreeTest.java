package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeepAndWideTreeTest {
  /// With these names far beyond the longest path that the system takes.
  private static final int DEPTH = 2_000;

  private static final String NAME = "directory";
  private static final int WIDTH = 20_000;

  @TempDir private Path folder;

  @Test
  void treeFarDeeperThanAnyPathCanNameIsStoredWhole() throws IOException {
    Path source = Files.createDirectory(folder.resolve("deep"));
    try (TestRepository repository = TestRepository.create(folder.resolve("repository"), 2)) {
      dig(source.toString());
      RecordedEvents events = new RecordedEvents();
      BackupResult result =
          repository
              .archiver()
              .run(
                  BackupTargets.ofPaths(List.of(source.toString())),
                  TestRepository.options(),
                  events);
      assertThat(events.problems()).isEmpty();
      assertThat(result.summary().filesNew()).isEqualTo(DEPTH);
      BlobId tree =
          StoredTrees.find(repository.repository(), result.snapshot().tree(), source.toString())
              .subtree();
      for (int level = 0; level < DEPTH; level++) {
        // The file comes after the directory, so each directory was returned to.
        assertThat(repository.repository().loadTree(tree).nodes()).hasSize(2);
        tree = repository.repository().loadTree(tree).nodes().getFirst().subtree();
      }
      assertThat(repository.repository().loadTree(tree).nodes()).isEmpty();
    } finally {
      // No path leads to the bottom, so neither Java nor JUnit can remove it.
      Command.of("rm", "-rf", source.toString()).run();
    }
  }

  private static void dig(String top) throws IOException {
    int flags = OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_CLOEXEC;
    int directory = Posix.open(top, flags, 0);
    for (int level = 0; level < DEPTH; level++) {
      int file = Posix.openat(directory, "file", OpenFlag.O_WRONLY | OpenFlag.O_CREAT, 0644);
      byte[] content = ("level " + level).getBytes(StandardCharsets.UTF_8);
      Posix.write(file, content, 0, content.length);
      Posix.close(file);
      Posix.mkdirat(directory, NAME, 0755);
      int next = Posix.openat(directory, NAME, flags, 0);
      Posix.close(directory);
      directory = next;
    }
    Posix.close(directory);
  }

  @Test
  void directoryOfManyFilesIsStoredWhole() throws IOException {
    Path source = Files.createDirectory(folder.resolve("wide"));
    for (int i = 0; i < WIDTH; i++) {
      Files.createFile(source.resolve("file" + i));
    }
    try (TestRepository repository = TestRepository.create(folder.resolve("repository"), 2)) {
      BackupResult result =
          repository
              .archiver()
              .run(
                  BackupTargets.ofPaths(List.of(source.toString())),
                  TestRepository.options(),
                  BackupObserver.NONE);
      assertThat(result.summary().filesNew()).isEqualTo(WIDTH);
      assertThat(result.isIncomplete()).isFalse();
    }
  }
}
