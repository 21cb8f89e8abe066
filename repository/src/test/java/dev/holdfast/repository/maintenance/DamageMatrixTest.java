package dev.holdfast.repository.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NoRepository;
import dev.holdfast.repository.error.HoldfastException.WrongKey;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.maintenance.DamageScene.Kind;
import dev.holdfast.repository.restore.RestoreEvent;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of damage to every kind of file. What is said of it is in [#expected]; whatever the
/// damage, no restore gives wrong bytes without saying so.
class DamageMatrixTest {
  /// What happens to the first file of a kind.
  enum Harm {
    TRUNCATED,
    FLIPPED,
    SWAPPED,
    DUPLICATED,
    REMOVED,
    EMPTIED,
    JUNK,
    JUNK_BESIDE,
    JUNK_NAMED_AS_ONE
  }

  /// What comes of it.
  enum Outcome {
    /// The repository does not open, and says why.
    CLOSED,
    /// As if nothing had happened: nothing is lost, or nobody can tell.
    UNNOTICED,
    /// A hint; everything can be restored.
    HINT,
    /// An error that affects nothing.
    ERROR,
    /// An error that affects the first snapshot.
    FIRST_LOST,
    /// An error that affects both.
    BOTH_LOST
  }

  private static Path memory;
  private static DamageScene scene;
  private Path copy;

  @BeforeAll
  static void makeScene() throws IOException {
    // A restore syncs its target, which takes long on a busy disk.
    Path shared = Path.of("/dev/shm");
    memory =
        Files.isWritable(shared)
            ? Files.createTempDirectory(shared, "holdfast-test")
            : Files.createTempDirectory("holdfast-test");
    scene = new DamageScene(memory.resolve("scene"));
  }

  @AfterAll
  static void removeScene() throws IOException {
    delete(memory);
  }

  @BeforeEach
  void copyScene() throws IOException {
    copy = memory.resolve("copy");
    scene.copyTo(copy);
  }

  @AfterEach
  void removeCopy() throws IOException {
    delete(copy);
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static Stream<Arguments> cells() {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> Arrays.stream(Harm.values()).map(harm -> Arguments.of(kind, harm)));
  }

  static Outcome expected(Kind kind, Harm harm) {
    return switch (harm) {
      // Names that are no ids belong to nobody.
      case JUNK_BESIDE -> Outcome.UNNOTICED;
      case TRUNCATED, FLIPPED, EMPTIED, JUNK ->
          switch (kind) {
            case CONFIG -> Outcome.CLOSED;
            // Whoever has another key or no use for the lock loses nothing.
            case KEY, LOCK -> Outcome.HINT;
            case SNAPSHOT, INDEX, TREE_PACK, DATA_PACK -> Outcome.FIRST_LOST;
          };
      case SWAPPED ->
          switch (kind) {
            case CONFIG -> Outcome.CLOSED;
            case KEY, LOCK -> Outcome.HINT;
            case SNAPSHOT, INDEX, TREE_PACK, DATA_PACK -> Outcome.BOTH_LOST;
          };
      case DUPLICATED, JUNK_NAMED_AS_ONE ->
          switch (kind) {
            case CONFIG -> Outcome.UNNOTICED;
            // Prune would remove the pack, which is in no index.
            case KEY, LOCK, TREE_PACK, DATA_PACK -> Outcome.HINT;
            case INDEX -> Outcome.ERROR;
            // Somebody may have had a snapshot of that name.
            case SNAPSHOT -> Outcome.ERROR;
          };
      case REMOVED ->
          switch (kind) {
            case CONFIG -> Outcome.CLOSED;
            // As if the key had been removed, the lock released, the snapshot forgotten.
            case KEY, LOCK, SNAPSHOT -> Outcome.UNNOTICED;
            case INDEX, TREE_PACK, DATA_PACK -> Outcome.FIRST_LOST;
          };
    };
  }

  /// The names of the files that are wrong now.
  private Set<ObjectKey> harm(Kind kind, Harm harm) throws IOException {
    ObjectKey key = scene.firstOf(kind);
    Path file = copy.resolve(key.path());
    byte[] content = Files.readAllBytes(file);
    ObjectKey other = new ObjectKey(key.type(), DamageScene.otherName());
    switch (harm) {
      case TRUNCATED -> Files.write(file, Arrays.copyOf(content, content.length / 2));
      case FLIPPED -> {
        content[content.length / 3] ^= 4;
        Files.write(file, content);
      }
      case SWAPPED -> {
        return swap(kind, file, content);
      }
      case DUPLICATED -> {
        write(kind == Kind.CONFIG ? copy.resolve("config2") : copy.resolve(other.path()), content);
        return Set.of(other);
      }
      case REMOVED -> Files.delete(file);
      case EMPTIED -> Files.write(file, new byte[0]);
      case JUNK -> Files.write(file, DamageScene.junk(content.length));
      case JUNK_BESIDE -> {
        write(file.resolveSibling("junk.tmp"), DamageScene.junk(100));
        write(file.resolveSibling("é\n\u0001"), DamageScene.junk(0));
        Files.createDirectories(file.resolveSibling("f".repeat(64)));
      }
      case JUNK_NAMED_AS_ONE -> {
        write(
            kind == Kind.CONFIG ? copy.resolve("0".repeat(64)) : copy.resolve(other.path()),
            DamageScene.junk(content.length));
        return Set.of(other);
      }
    }
    return Set.of(key);
  }

  private Set<ObjectKey> swap(Kind kind, Path file, byte[] content) throws IOException {
    if (kind == Kind.CONFIG) {
      Path stranger = memory.resolve("stranger");
      new DamageScene(stranger);
      Files.write(file, Files.readAllBytes(stranger.resolve("config")));
      delete(stranger);
      return Set.of();
    }
    ObjectKey otherKey = scene.secondOf(kind);
    Path other = copy.resolve(otherKey.path());
    Files.write(file, Files.readAllBytes(other));
    Files.write(other, content);
    return Set.of(scene.firstOf(kind), otherKey);
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void damageIsNamedWithItsEffectAndNeverRestoredInSilence(Kind kind, Harm harm)
      throws IOException {
    Set<ObjectKey> wrong = harm(kind, harm);
    Outcome outcome = expected(kind, harm);
    if (outcome == Outcome.CLOSED) {
      assertThatThrownBy(() -> scene.open(copy, SampleRepository.password()))
          .isInstanceOf(harm == Harm.REMOVED ? NoRepository.class : Corrupt.class)
          .hasMessageContaining(harm == Harm.REMOVED ? copy.toString() : "config");
      return;
    }
    assertOpens(kind, harm);
    byte[] password = DamageScene.OTHER_PASSWORD;
    if (kind == Kind.KEY && harm == Harm.SWAPPED) {
      return; // No key is left that opens.
    }
    try (Repository repository = scene.open(copy, password)) {
      assertFound(repository, outcome, wrong);
      assertNothingWrongIsRestored(repository, outcome, kind);
    }
  }

  private void assertOpens(Kind kind, Harm harm) {
    boolean first =
        kind != Kind.KEY
            || harm == Harm.DUPLICATED
            || harm == Harm.JUNK_BESIDE
            || harm == Harm.JUNK_NAMED_AS_ONE;
    if (first) {
      scene.open(copy, SampleRepository.password()).close();
    } else {
      assertThatThrownBy(() -> scene.open(copy, SampleRepository.password()))
          .isInstanceOf(harm == Harm.REMOVED ? WrongKey.class : Corrupt.class);
    }
  }

  private static void assertFound(Repository repository, Outcome outcome, Set<ObjectKey> wrong) {
    CheckReport report =
        new Checker(repository, new SecureRandom())
            .check(CheckOptions.DEFAULT.withReadData(new ReadData.All()), event -> {});
    Set<SnapshotId> lost = new HashSet<>();
    report.findings().forEach(entry -> lost.addAll(entry.effect().snapshots()));
    boolean isError = outcome.compareTo(Outcome.ERROR) >= 0;
    assertThat(report.isHealthy()).as("%s", report).isEqualTo(!isError);
    assertThat(report.hints() > 0 || isError)
        .as("%s", report)
        .isEqualTo(outcome != Outcome.UNNOTICED);
    if (outcome == Outcome.FIRST_LOST) {
      assertThat(lost).as("%s", report).containsExactly(scene.first());
    } else if (outcome == Outcome.BOTH_LOST) {
      assertThat(lost).as("%s", report).containsExactlyInAnyOrder(scene.first(), scene.second());
    } else {
      assertThat(lost).as("%s", report).doesNotContain(scene.first(), scene.second());
    }
    if (outcome != Outcome.UNNOTICED) {
      assertThat(wrong)
          .allSatisfy(key ->
              assertThat(report.findings())
                  .as("names %s", key)
                  .anyMatch(entry -> names(entry.finding(), key)));
    }
  }

  /// A lost index shows by the packs that it was to name.
  private static boolean names(Finding finding, ObjectKey key) {
    return finding.thing().contains(key.hash().toHex())
        || (key.type() == ObjectType.INDEX && finding instanceof Finding.PackNotIndexed);
  }

  private void assertNothingWrongIsRestored(Repository repository, Outcome outcome, Kind kind)
      throws IOException {
    List<SnapshotId> whole = new ArrayList<>();
    for (StoredSnapshot snapshot : repository.listSnapshots().readable()) {
      boolean isFirst = snapshot.id().equals(scene.first());
      List<byte[]> content = isFirst ? DamageScene.FIRST : DamageScene.SECOND;
      if (restoresWhole(repository, snapshot, SampleRepository.join(content))) {
        whole.add(snapshot.id());
      }
    }
    // With a damaged index nothing is restored, because nobody knows what else it held.
    if (outcome == Outcome.HINT || (outcome == Outcome.ERROR && kind != Kind.INDEX)) {
      assertThat(whole).containsExactlyInAnyOrder(scene.first(), scene.second());
    } else if (outcome == Outcome.FIRST_LOST) {
      assertThat(whole).doesNotContain(scene.first());
      assertThat(whole.contains(scene.second()) || kind == Kind.INDEX).isTrue();
    } else if (outcome == Outcome.BOTH_LOST) {
      assertThat(whole).isEmpty();
    }
  }

  /// Restores a snapshot; what is there is right, or is reported.
  private boolean restoresWhole(Repository repository, StoredSnapshot snapshot, byte[] content)
      throws IOException {
    Path target = copy.resolve("restored");
    List<RestoreEvent> events = new ArrayList<>();
    try {
      RestoreResult result =
          new Restorer(repository)
              .restore(
                  snapshot.snapshot().tree(),
                  target.toString(),
                  RestoreOptions.DEFAULT,
                  events::add);
      Path file = target.resolve("file");
      boolean right = Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content);
      assertThat(right || result.errors() > 0).as("%s", events).isTrue();
      return right && result.errors() == 0;
    } catch (Corrupt | HoldfastException.NotFound e) {
      assertThat(e.hint()).isNotEmpty();
      return false;
    } finally {
      if (Files.exists(target)) {
        delete(target);
      }
    }
  }
}
