package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Node;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a backup treats a kind of database, shown with one that does what the test wants.
final class DatabaseInTreeTest {
  private static final String MAGIC = "A database: ";
  private static final int EXTENT_BYTES = 16 * 1024;

  @TempDir private Path folder;
  private Path source;
  private TestRepository repository;
  private final ToyEngine engine = new ToyEngine();
  private final RecordedEvents events = new RecordedEvents();

  @BeforeEach
  void create() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
    assertThat(engine.open).hasValue(0);
  }

  private BackupResult backUp(Path target, BackupOptions options) {
    return new Archiver(repository.repository(), List.of(engine), Clock.system(ZoneOffset.UTC))
        .run(BackupTargets.ofPaths(List.of(target.toString())), options, events);
  }

  private List<Node> stored(BackupResult result) {
    return repository
        .repository()
        .loadTree(
            StoredTrees.find(repository.repository(), result.snapshot().tree(), source.toString())
                .subtree())
        .nodes();
  }

  private void database(String name, String what) throws IOException {
    Files.writeString(source.resolve(name), MAGIC + what);
  }

  @Test
  void databaseIsStoredAsItsImageAndItsSidecarsAreLeftOut() throws IOException {
    database("app.db", "healthy");
    Files.writeString(source.resolve("app.db-wal"), "log");
    Files.writeString(source.resolve("app.db-other"), "not a sidecar");
    Files.writeString(source.resolve("lonely-wal"), "an ordinary file");
    BackupResult result = backUp(source, TestRepository.options());
    assertThat(events.problems()).isEmpty();
    assertThat(stored(result))
        .extracting(Node::name)
        .containsExactly("app.db", "app.db-other", "lonely-wal");
    Node node = stored(result).getFirst();
    assertThat(node.sizeBytes()).isEqualTo(ToyEngine.IMAGE_BYTES);
    assertThat(node.content().size()).isEqualTo(Math.ceilDiv(ToyEngine.IMAGE_BYTES, EXTENT_BYTES));
    assertThat(result.summary().filesNew()).isEqualTo(3);
  }

  @Test
  void databaseWithoutSidecarsIsRecognizedByItsContent() throws IOException {
    database("notes.txt", "healthy");
    BackupResult result = backUp(source, TestRepository.options());
    assertThat(stored(result).getFirst().sizeBytes()).isEqualTo(ToyEngine.IMAGE_BYTES);
  }

  @Test
  void databaseWithSidecarsIsReadAgainThoughItsFileIsUnchanged() throws IOException {
    database("app.db", "healthy");
    Files.writeString(source.resolve("app.db-wal"), "log");
    backUp(source, TestRepository.options());
    int before = engine.opened.get();
    BackupResult second = backUp(source, repository.optionsWithParent(List.of(source.toString())));
    assertThat(engine.opened).hasValue(before + 1);
    assertThat(second.summary().dataBlobs()).as("the manifest alone").isEqualTo(1);
  }

  @Test
  void damagedDatabaseIsReportedAndStoredAsTheFilesItConsistsOf() throws IOException {
    database("app.db", "damaged");
    Files.writeString(source.resolve("app.db-wal"), "log");
    BackupResult result = backUp(source, TestRepository.options());
    assertThat(result.isIncomplete()).isTrue();
    assertThat(events.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("ordinary file"));
    assertThat(stored(result)).extracting(Node::name).containsExactly("app.db", "app.db-wal");
    assertThat(stored(result).getFirst().sizeBytes()).isEqualTo((MAGIC + "damaged").length());
  }

  @Test
  void lockedDatabaseIsReportedAndLeftOut() throws IOException {
    database("app.db", "locked");
    Files.writeString(source.resolve("app.db-wal"), "log");
    Files.writeString(source.resolve("other"), "1");
    BackupResult result = backUp(source, TestRepository.options());
    assertThat(events.problems()).hasSize(1);
    assertThat(stored(result)).extracting(Node::name).containsExactly("other");
  }

  @Test
  void databaseThatCannotBeReadToItsEndIsReportedAndLeftOut() throws IOException {
    database("app.db", "shrinking");
    Files.writeString(source.resolve("other"), "1");
    BackupResult result = backUp(source, TestRepository.options());
    assertThat(events.problems()).hasSize(1);
    assertThat(stored(result)).extracting(Node::name).containsExactly("other");
  }

  @Test
  void databaseNamedAsATargetMakesTheBackupFailIfItCannotBeHad() throws IOException {
    for (String what : List.of("damaged", "locked", "shrinking")) {
      database("app.db", what);
      assertThatThrownBy(() -> backUp(source.resolve("app.db"), TestRepository.options()))
          .isInstanceOf(HoldfastException.class)
          .hasMessageContaining("app.db");
    }
    assertThat(repository.repository().snapshots()).isEmpty();
  }

  /// Databases that say in their file what is to become of them.
  private static final class ToyEngine implements DatabaseEngine {
    static final int IMAGE_BYTES = 5_000_000;

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();

    @Override
    public String name() {
      return "toy";
    }

    @Override
    public boolean recognizes(byte[] head, int length) {
      return new String(head, 0, length, StandardCharsets.UTF_8).startsWith(MAGIC);
    }

    @Override
    public boolean recognizes(String path) throws IOException {
      return Files.readString(Path.of(path)).startsWith(MAGIC);
    }

    @Override
    public List<String> sidecarSuffixes() {
      return List.of("-wal", "-shm");
    }

    @Override
    public Content open(String path) {
      String what;
      try {
        what = Files.readString(Path.of(path)).substring(MAGIC.length());
      } catch (IOException e) {
        throw new HoldfastException.InputOutput("cannot read " + path, "", e);
      }
      return switch (what) {
        case "damaged" -> throw new HoldfastException.Corrupt(path + " is damaged");
        case "locked" -> throw new HoldfastException.Locked(path + " is locked", "");
        default -> image(what);
      };
    }

    private Content image(String what) {
      opened.incrementAndGet();
      open.incrementAndGet();
      return new ToyImage(what.equals("shrinking"), open);
    }
  }

  private record ToyImage(boolean shrinks, AtomicInteger open) implements Content {
    @Override
    public long lengthBytes() {
      return ToyEngine.IMAGE_BYTES;
    }

    @Override
    public Cutting cutting() {
      return new Cutting.Extents(EXTENT_BYTES);
    }

    @Override
    public Claim claim() {
      return Claim.TRANSACTIONAL;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      if (shrinks && position > 0) {
        throw new EOFException("it shrank");
      }
      Arrays.fill(target, offset, offset + length, (byte) (position >> 20));
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }
}
