package dev.holdfast.repository.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Targets and trees that would lead a restore astray, and damage.
class RestorerSafetyTest extends RestoringTest {
  @Test
  void linksInTheTargetAreReplacedAndNeverFollowed() throws Exception {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Files.writeString(outside.resolve("victim"), "safe");
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("dir"), outside);
    Files.createSymbolicLink(target.resolve("file"), outside.resolve("victim"));
    Files.createSymbolicLink(target.resolve("sub"), outside.resolve("new"));
    BlobId tree =
        scene.tree(
            scene.directory("dir", scene.file("victim", "evil")),
            scene.file("file", "evil"),
            scene.symlink("sub", "elsewhere"));
    assertThat(restore(tree).isComplete()).isTrue();
    assertThat(outside.resolve("victim")).hasContent("safe");
    assertThat(outside.toFile().list()).containsExactly("victim");
    assertThat(target.resolve("dir")).isDirectory().isNotEqualTo(outside);
    assertThat(Files.isSymbolicLink(target.resolve("dir"))).isFalse();
    assertThat(content("dir/victim")).isEqualTo("evil");
    assertThat(content("file")).isEqualTo("evil");
  }

  @Test
  void linkWhereDirectoryBelongsIsReportedWhenNothingMayBeReplaced() throws Exception {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("dir"), outside);
    BlobId tree = scene.tree(scene.directory("dir", scene.file("f", "evil")));
    RestoreResult result = restore(tree, RestoreOptions.DEFAULT.withOverwrite(Overwrite.NEVER));
    assertThat(result.isComplete()).isFalse();
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void linkInTheTreeDoesNotLeadTheFilesBelowItsNameOutside() throws Exception {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Node link = scene.symlink("x", outside.toString());
    Node bad = scene.directory("bad", link, scene.directory("x", scene.file("f", "evil")));
    RestoreResult result = restore(scene.tree(bad, scene.file("good", "good")));
    assertThat(outside).isEmptyDirectory();
    assertThat(result.errors()).isEqualTo(1);
    assertThat(findings().getFirst().path()).isEqualTo("/bad");
    assertThat(content("good")).isEqualTo("good");
  }

  @Test
  void namesThatLeadElsewhereAreRefusedAndTheRestIsRestored() throws Exception {
    List<Node> nodes = new ArrayList<>();
    int number = 0;
    for (String name : List.of("..", ".", "", "a/b", "/etc", "../evil", "nul\0l")) {
      Node evil = scene.file("evil", "evil").toBuilder().name(name).build();
      nodes.add(scene.directory("bad" + number++, evil));
    }
    nodes.add(scene.file("good", "good"));
    RestoreResult result = restore(scene.tree(nodes), RestoreOptions.DEFAULT.withDelete(true));
    assertThat(result.errors()).isEqualTo(number);
    assertThat(content("good")).isEqualTo("good");
    for (int i = 0; i < number; i++) {
      assertThat(target.resolve("bad" + i)).isEmptyDirectory();
    }
    assertThat(target.getParent().toFile().list()).containsExactly("target");
  }

  @Test
  @Tag("slow")
  void treeThatIsTooDeepIsRestoredToTheBoundAndReported() {
    // Made from the inside: each level is a tree of its own.
    BlobId tree = scene.tree();
    for (int i = 0; i < RestorePlanner.MAX_DEPTH + 10; i++) {
      tree = scene.tree(scene.node("d", NodeType.DIR, 0755).subtree(tree).build());
    }
    RestoreResult result = restore(tree);
    assertThat(result.errors()).isEqualTo(1);
    assertThat(findings().getFirst().message()).contains("deeper");
    assertThat(result.items()).isEqualTo(RestorePlanner.MAX_DEPTH + 1);
    restore(scene.tree(), RestoreOptions.DEFAULT.withDelete(true));
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void missingBlobsTreesAndContentAreReportedAndTheRestIsRestored() throws Exception {
    BlobId nowhere = new BlobId(new Hash(1, 2, 3, 4));
    BlobId tree =
        scene.tree(
            scene.node("dir", NodeType.DIR, 0755).subtree(nowhere).build(),
            scene.node("dir2", NodeType.DIR, 0755).build(),
            scene.fileOf("file", nowhere).sizeBytes(5).build(),
            scene.node("file2", NodeType.FILE, 0644).build(),
            scene.file("good", "good"));
    RestoreResult result = restore(tree);
    assertThat(result.errors()).isEqualTo(4);
    assertThat(content("good")).isEqualTo("good");
    assertThat(target.resolve("file")).doesNotExist();
    assertThat(target.resolve("dir")).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Overwrite.class)
  void fileThatIsThereInPartIsNamedAndOneThatTheNextRestoreWouldKeepIsRemoved(Overwrite overwrite) {
    Random random = new Random(1);
    byte[] part = new byte[ContentRestorer.MAX_TASK_BYTES * 3 / 4];
    BlobId[] parts = new BlobId[3];
    for (int i = 0; i < parts.length; i++) {
      random.nextBytes(part);
      parts[i] = scene.blob(part);
    }
    long bytes = (long) part.length * parts.length;
    BlobId tree = scene.tree(scene.fileOf("large", parts).sizeBytes(bytes).build());
    RestoreOptions options = RestoreOptions.DEFAULT.withOverwrite(overwrite).withWorkers(1);
    assertThatThrownBy(() -> restoreToTheFirstPart(tree, options))
        .isInstanceOf(HoldfastException.Cancelled.class);
    if (overwrite == Overwrite.NEVER || overwrite == Overwrite.IF_NEWER) {
      assertThat(target).isEmptyDirectory();
      assertThat(findings()).isEmpty();
    } else {
      assertThat(target.resolve("large")).exists();
      assertThat(findings()).extracting(RestoreFinding::path).containsExactly("/large");
    }
    assertThat(restore(tree, options.withVerify(true)).verifiedFiles()).isEqualTo(1);
  }

  private void restoreToTheFirstPart(BlobId tree, RestoreOptions options) {
    try (Repository repository = scene.open()) {
      new Restorer(repository)
          .restore(
              tree,
              target.toString(),
              options,
              event -> {
                events.add(event);
                if (event instanceof RestoreEvent.Written) {
                  Thread.currentThread().interrupt();
                }
              });
    }
  }

  @Test
  void damagedRootTreeEndsTheRestore() {
    BlobId nowhere = new BlobId(new Hash(1, 2, 3, 4));
    assertThatThrownBy(() -> restore(nowhere)).isInstanceOf(HoldfastException.NotFound.class);
  }
}
