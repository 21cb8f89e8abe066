package dev.holdfast.repository.restore;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.restore.RestoreEvent.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A restore into a scratch folder, and what it told.
abstract class RestoringTest {
  @TempDir Path scratch;

  final SnapshotScene scene = new SnapshotScene();
  final List<RestoreEvent> events = new ArrayList<>();
  Path target;

  @BeforeEach
  void chooseTarget() {
    target = scratch.resolve("deep/er/target");
  }

  @AfterEach
  void closeScene() {
    scene.close();
  }

  RestoreResult restore(BlobId tree, RestoreOptions options) {
    events.clear();
    try (Repository repository = scene.open()) {
      return new Restorer(repository).restore(tree, target.toString(), options, events::add);
    }
  }

  RestoreResult restore(BlobId tree) {
    return restore(tree, RestoreOptions.DEFAULT);
  }

  List<RestoreFinding> findings() {
    return events.stream()
        .filter(RestoreEvent.Found.class::isInstance)
        .map(event -> ((RestoreEvent.Found) event).finding())
        .toList();
  }

  List<String> done(Action action) {
    return events.stream()
        .filter(event -> event instanceof RestoreEvent.Done done && done.action() == action)
        .map(event -> ((RestoreEvent.Done) event).path())
        .sorted()
        .toList();
  }

  String content(String path) throws IOException {
    return Files.readString(target.resolve(path));
  }

  static FileTime time() {
    return FileTime.from(SnapshotScene.TIME.toInstant());
  }
}
