package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.testkit.RandomTree;
import dev.holdfast.testkit.ResticProgram;
import dev.holdfast.testkit.TreeComparison;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trees of every kind of node, stored by both programs in turn.
final class ArchiverAgainstResticTest {
  private static final int ENTRIES = 400;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sameTreeStoredByBothHasTheSameRootAndAddsNothing(long seed) {
    String source = folder.resolve("source").toString();
    RandomTree.create(source, seed, ENTRIES);
    try (TestRepository repository = TestRepository.create(folder.resolve("repository"), 2)) {
      RecordedEvents events = new RecordedEvents();
      BackupResult ours =
          repository
              .archiver()
              .run(BackupTargets.ofPaths(List.of(source)), TestRepository.options(), events);
      assertThat(events.problems()).isEmpty();

      ResticProgram restic = new ResticProgram(repository.folder(), TestRepository.PASSWORD);
      restic.run("backup", "--host", TestRepository.HOST, "--force", source).succeeded();
      repository.reopen();
      List<StoredSnapshot> snapshots = repository.repository().snapshots();
      assertThat(snapshots).hasSize(2);
      Snapshot theirs = snapshots.getLast().snapshot();
      assertThat(differences(repository, source, ours.snapshot(), theirs)).isEmpty();
      restic.checkClean();
      String target = folder.resolve("restored").toString();
      restic.run("restore", "latest", "--target", target).succeeded();
      TreeComparison.assertEqual(source, target + source);
    }
  }

  @Test
  void unchangedTreeStoredByResticIsNotReadAgain() {
    String source = folder.resolve("source").toString();
    RandomTree.create(source, 4, ENTRIES);
    try (TestRepository repository = TestRepository.create(folder.resolve("repository"), 2)) {
      ResticProgram restic = new ResticProgram(repository.folder(), TestRepository.PASSWORD);
      restic.run("backup", "--host", TestRepository.HOST, source).succeeded();
      repository.reopen();
      BackupOptions options = repository.optionsWithParent(List.of(source));
      assertThat(options.parent()).isPresent();
      RecordedEvents events = new RecordedEvents();
      BackupResult result =
          repository.archiver().run(BackupTargets.ofPaths(List.of(source)), options, events);
      assertThat(events.problems()).isEmpty();
      assertThat(result.summary().filesNew()).isZero();
      assertThat(result.summary().filesChanged()).isZero();
      assertThat(result.summary().dataBlobs()).isZero();
      assertThat(
              differences(
                  repository, source, result.snapshot(), options.parent().orElseThrow().snapshot()))
          .isEmpty();
      assertThat(events.of(BackupEvent.FileStarted.class)).isEmpty();
    }
  }

  @Test
  void timesInAZoneWithSummerTimeAreWrittenAsResticWritesThem() {
    String source = folder.resolve("source").toString();
    RandomTree.create(source, 6, ENTRIES);
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    try (TestRepository repository = TestRepository.create(folder.resolve("repository"), 1)) {
      BackupResult ours =
          new Archiver(repository.repository(), List.of(), Clock.system(berlin))
              .run(
                  BackupTargets.ofPaths(List.of(source)),
                  TestRepository.options(),
                  BackupObserver.NONE);
      new ResticProgram(repository.folder(), TestRepository.PASSWORD)
          .command("backup", "--host", TestRepository.HOST, "--force", source)
          .withEnvironment("TZ", berlin.getId())
          .run()
          .succeeded();
      repository.reopen();
      Snapshot theirs = repository.repository().snapshots().getLast().snapshot();
      assertThat(differences(repository, source, ours.snapshot(), theirs)).isEmpty();
    }
  }

  /// What differs at and below the source. The directories above it are shared with others, who
  /// change their times.
  private static List<String> differences(
      TestRepository repository, String source, Snapshot left, Snapshot right) {
    Node ours = StoredTrees.find(repository.repository(), left.tree(), source);
    Node theirs = StoredTrees.find(repository.repository(), right.tree(), source);
    return StoredTrees.differences(repository.repository(), ours.subtree(), theirs.subtree());
  }
}
