package dev.holdfast.engine.backup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.testkit.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that becomes full, under the repository and under the target of a restore. Needs the
/// right to mount a small one.
class FullDiskTest {
  private static final int SOURCE_BYTES = 24 << 20;

  @TempDir Path folder;
  @TempDir Path mount;
  private @Nullable Mount disk;
  private Path source;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    disk = Mount.smallDisk(mount, "10m").orElse(null);
    assumeTrue(disk != null, "a small disk can only be mounted by root");
    source = Files.createDirectory(folder.resolve("source"));
    byte[] noise = new byte[SOURCE_BYTES];
    new SplittableRandom(7).nextBytes(noise);
    Files.write(source.resolve("noise"), noise);
    Files.writeString(source.resolve("small"), "small");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  private static BackupResult backUp(TestRepository repository, Path target) {
    return repository
        .archiver()
        .run(
            BackupTargets.ofPaths(List.of(target.toString())),
            TestRepository.options(),
            BackupObserver.NONE);
  }

  private static void assertSound(Repository repository) {
    assertThat(FaultScene.check(repository).errors()).isZero();
  }

  @Test
  void backupOntoAFullDiskSaysSoAndWorksWhenThereIsSpace() throws Exception {
    try (TestRepository repository = TestRepository.create(mount.resolve("repository"), 2)) {
      BackupResult old = backUp(repository, source.resolve("small"));

      assertThatThrownBy(() -> backUp(repository, source))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining(mount.toString())
          .satisfies(e ->
              assertThat(((HoldfastException) e).hint()).contains("free space").contains("data"));

      assertNoSnapshotButTheOldOneAndNoRest(repository);
      repository.reopen();
      assertSound(repository.repository());
      requireNonNull(disk).remount("size=100m");
      assertThat(backUp(repository, source).problems()).isZero();
      repository.reopen();
      assertSound(repository.repository());
      assertThat(repository.repository().snapshots()).hasSize(2);
      assertThat(old.id()).isPresent();
    }
  }

  private void assertNoSnapshotButTheOldOneAndNoRest(TestRepository repository) throws IOException {
    assertThat(repository.repository().snapshots()).hasSize(1);
    try (Stream<Path> files = Files.walk(mount)) {
      assertThat(files.filter(Files::isRegularFile))
          .as("no temporary files")
          .allMatch(file -> {
            String name = file.getFileName().toString();
            return name.equals("config") || name.matches("[0-9a-f]{64}");
          });
    }
    repository
        .repository()
        .store()
        .list(
            ObjectType.LOCK,
            each -> {
              throw new AssertionError("a lock is left");
            });
  }

  @Test
  void restoreOntoAFullDiskSaysSoAndWorksWhenThereIsSpace() throws Exception {
    try (TestRepository repository = TestRepository.create(folder.resolve("repository"), 2)) {
      BackupResult stored = backUp(repository, source);
      Restorer restorer = new Restorer(repository.repository());
      String target = mount.resolve("target").toString();

      assertThatThrownBy(() ->
              restorer.restore(
                  stored.snapshot().tree(), target, RestoreOptions.DEFAULT, event -> {}))
          .isInstanceOf(InputOutput.class)
          .satisfies(e -> assertThat(((HoldfastException) e).hint()).contains("make room"));

      requireNonNull(disk).remount("size=100m");
      assertThat(
              restorer
                  .restore(stored.snapshot().tree(), target, RestoreOptions.DEFAULT, event -> {})
                  .errors())
          .isZero();
      Path restored = Path.of(target + source, "noise");
      assertThat(Files.mismatch(restored, source.resolve("noise"))).isEqualTo(-1);
    }
  }
}
