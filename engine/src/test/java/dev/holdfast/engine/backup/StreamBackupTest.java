package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.stream.CommandSource;
import dev.holdfast.engine.source.stream.InputSource;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Node;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.ResticProgram;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamBackupTest {
  private static final int SEVERAL_CHUNKS = 20_000_000;

  @TempDir private Path folder;
  private TestRepository repository;

  @BeforeEach
  void create() {
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private BackupResult backUp(String path, StreamSource stream) {
    return repository
        .archiver()
        .run(
            BackupTargets.ofStream(new VirtualFile(path, stream)),
            TestRepository.options(),
            BackupObserver.NONE);
  }

  @Test
  void streamBecomesAFileThatResticCanRead() {
    byte[] content = new byte[SEVERAL_CHUNKS];
    new Random(5).nextBytes(content);
    BackupResult result =
        backUp("some/where/dump.sql", new InputSource(new ByteArrayInputStream(content)));
    assertThat(result.snapshot().paths()).containsExactly("/some/where/dump.sql");
    Node node =
        StoredTrees.find(repository.repository(), result.snapshot().tree(), "/some/where/dump.sql");
    assertThat(node.sizeBytes()).isEqualTo(SEVERAL_CHUNKS);
    assertThat(node.content().size()).isGreaterThan(2);
    ResticProgram restic = new ResticProgram(repository.folder(), TestRepository.PASSWORD);
    restic.checkClean();
    CommandResult listed = restic.run("ls", "-l", "latest").succeeded();
    assertThat(listed.output()).contains("/some/where/dump.sql", "20000000");
  }

  @Test
  void outputOfACommandIsStoredIfItSucceeds() {
    BackupResult result =
        backUp("out", new CommandSource(List.of("sh", "-c", "printf hello; exit 0")));
    assertThat(
            StoredTrees.find(repository.repository(), result.snapshot().tree(), "/out").sizeBytes())
        .isEqualTo(5);
  }

  @Test
  void commandThatFailsLeavesNoSnapshot() {
    assertThatThrownBy(
            () -> backUp("out", new CommandSource(List.of("sh", "-c", "printf hello; exit 3"))))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("exit code 3");
    assertThat(repository.repository().snapshots()).isEmpty();
  }

  @Test
  void streamWithoutDataIsRejected() {
    assertThatThrownBy(() -> backUp("out", new InputSource(new ByteArrayInputStream(new byte[0]))))
        .isInstanceOf(HoldfastException.Rejected.class);
  }
}
