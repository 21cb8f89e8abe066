package dev.holdfast.repository.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.ExtendedAttribute;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.restore.RestoreEvent.Action;
import dev.holdfast.repository.restore.Selection.Choice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestorerTest extends RestoringTest {
  @Test
  void treeOfAllKindsComesBackWithContentAndMetadata() throws Exception {
    BlobId tree =
        scene.tree(
            scene.directory("dir", scene.directory("empty"), scene.file("inner", "in", "ner")),
            scene.file("empty"),
            scene.node("fifo", NodeType.FIFO, 0640).build(),
            scene.file("file", "content"),
            scene.symlink("link", "../outside/\u00e9"));
    RestoreResult result = restore(tree, RestoreOptions.DEFAULT.withVerify(true));

    assertThat(findings()).isEmpty();
    assertThat(result.isComplete()).isTrue();
    assertThat(result.items()).isEqualTo(7);
    assertThat(result.bytes()).isEqualTo(12);
    assertThat(result.verifiedFiles()).isEqualTo(3);
    assertThat(content("file")).isEqualTo("content");
    assertThat(content("dir/inner")).isEqualTo("inner");
    assertThat(target.resolve("empty")).isEmptyFile();
    assertThat(target.resolve("dir/empty")).isEmptyDirectory();
    assertThat(Posix.lstat(target.resolve("fifo").toString()).mode()).isEqualTo(0640);
    assertThat(Files.readSymbolicLink(target.resolve("link")).toString())
        .isEqualTo("../outside/\u00e9");
    for (String path : List.of("dir", "dir/inner", "dir/empty", "empty", "fifo", "file", "link")) {
      assertThat(Files.getLastModifiedTime(target.resolve(path), LinkOption.NOFOLLOW_LINKS))
          .as(path)
          .isEqualTo(time());
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("dir"))))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void namesThatAreNotUtf8ComeBackByteForByte() throws Exception {
    String name = "bad\udcff\udc80name";
    restore(scene.tree(scene.file(name, "x")));
    int fd = Posix.open(target.toString(), OpenFlag.O_RDONLY, 0);
    try {
      assertThat(Posix.readDirectory(fd)).extracting("name").containsExactly(name);
    } finally {
      Posix.close(fd);
    }
  }

  @Test
  void setIdBitsAndReadOnlyModesAreSetLast() throws Exception {
    Node file = scene.file("tool", "#!").toBuilder().build();
    Node setUid =
        file.toBuilder()
            .mode(dev.holdfast.repository.format.FileMode.of(NodeType.FILE, 04511))
            .build();
    Node locked =
        scene
            .node("locked", NodeType.DIR, 0555)
            .subtree(scene.tree(scene.file("inside", "y")))
            .build();
    restore(scene.tree(locked, setUid));
    assertThat(findings()).isEmpty();
    assertThat(Posix.lstat(target.resolve("tool").toString()).mode()).isEqualTo(04511);
    assertThat(Posix.lstat(target.resolve("locked").toString()).mode()).isEqualTo(0555);
    assertThat(content("locked/inside")).isEqualTo("y");
  }

  @Test
  void extendedAttributesComeBackAndOthersOfTheUserGo() throws Exception {
    Node file =
        scene.file("file", "x").toBuilder()
            .extendedAttributes(
                List.of(
                    ExtendedAttribute.of("user.a", new byte[] {0, 1, -1}),
                    new ExtendedAttribute("user.none", null)))
            .build();
    BlobId tree = scene.tree(file);
    restore(tree);
    String path = target.resolve("file").toString();
    assertThat(Posix.getXattr(path, "user.a")).containsExactly(0, 1, -1);
    assertThat(Posix.getXattr(path, "user.none")).isEmpty();
    Posix.setXattr(path, "user.stray", new byte[] {1});
    restore(tree);
    assertThat(Posix.listXattr(path)).containsExactlyInAnyOrder("user.a", "user.none");
  }

  @Test
  void hardLinksBecomeOneFileAgain() throws Exception {
    Node first = scene.file("a", "linked").toBuilder().links(2).inode(7).deviceId(3).build();
    Node second = first.toBuilder().name("b").build();
    BlobId tree = scene.tree(first, scene.directory("d", second));
    RestoreResult result = restore(tree);
    assertThat(result.isComplete()).isTrue();
    assertThat(Files.isSameFile(target.resolve("a"), target.resolve("d/b"))).isTrue();
    assertThat(restore(tree).isComplete()).isTrue();
    assertThat(Files.isSameFile(target.resolve("a"), target.resolve("d/b"))).isTrue();
  }

  @Test
  void blobUsedInManyPlacesIsWrittenToAllOfThem() throws Exception {
    BlobId tree =
        scene.tree(
            scene.file("a", "same", "1", "same"),
            scene.file("b", "same"),
            scene.file("c", "2", "same"));
    assertThat(restore(tree).isComplete()).isTrue();
    assertThat(content("a")).isEqualTo("same1same");
    assertThat(content("b")).isEqualTo("same");
    assertThat(content("c")).isEqualTo("2same");
  }

  @Test
  void runsOfZerosBecomeHolesOnlyWhenAskedFor() throws Exception {
    byte[] zeros = new byte[1 << 20];
    byte[] mixed = new byte[1 << 20];
    Arrays.fill(mixed, 4096 * 3, 4096 * 3 + 10, (byte) 1);
    Node file =
        scene.fileOf("sparse", scene.blob(zeros), scene.blob(mixed)).sizeBytes(2 << 20).build();
    BlobId tree = scene.tree(file);
    restore(tree, RestoreOptions.DEFAULT.withSparse(true).withVerify(true));
    assertThat(findings()).isEmpty();
    Path path = target.resolve("sparse");
    assertThat(Files.size(path)).isEqualTo(2 << 20);
    assertThat(Posix.lstat(path.toString()).blocks512()).isLessThanOrEqualTo(16);
    byte[] read = Files.readAllBytes(path);
    assertThat(Arrays.equals(read, 1 << 20, 2 << 20, mixed, 0, 1 << 20)).isTrue();
    Files.delete(path);
    restore(tree);
    assertThat(Posix.lstat(path.toString()).blocks512()).isGreaterThanOrEqualTo(4096);
  }

  @Test
  void overwriteDecidesWhatHappensToFilesThatExist() throws Exception {
    BlobId tree = scene.tree(scene.file("file", "one", "two", "six"));
    Files.createDirectories(target);
    Path path = target.resolve("file");

    Files.writeString(path, "mine");
    RestoreResult never = restore(tree, RestoreOptions.DEFAULT.withOverwrite(Overwrite.NEVER));
    assertThat(content("file")).isEqualTo("mine");
    assertThat(never.unchanged()).isEqualTo(1);
    restore(tree, RestoreOptions.DEFAULT.withOverwrite(Overwrite.IF_NEWER));
    assertThat(content("file")).isEqualTo("mine");

    Files.setLastModifiedTime(path, FileTime.fromMillis(1000));
    restore(tree, RestoreOptions.DEFAULT.withOverwrite(Overwrite.IF_NEWER));
    assertThat(content("file")).isEqualTo("onetwosix");

    Files.writeString(path, "oneTWOsix and more");
    restore(tree);
    assertThat(content("file")).isEqualTo("onetwosix");
    assertThat(done(Action.UPDATED)).containsExactly("/file");

    Files.writeString(path, "ONETWOSIX");
    Files.setLastModifiedTime(path, time());
    restore(tree, RestoreOptions.DEFAULT.withOverwrite(Overwrite.IF_CHANGED));
    assertThat(content("file")).isEqualTo("ONETWOSIX");
    assertThat(done(Action.UNCHANGED)).containsExactly("/file");
    restore(tree);
    assertThat(content("file")).isEqualTo("onetwosix");
  }

  @Test
  void fileWithOtherNamesIsReplacedAndItsOtherNamesKeepTheirContent() throws Exception {
    Files.createDirectories(target);
    Path outside = scratch.resolve("outside");
    Files.writeString(outside, "onetwo");
    Files.createLink(target.resolve("file"), outside);
    Posix.fchmodat(OpenFlag.AT_FDCWD, outside.toString(), 0600, 0);
    restore(scene.tree(scene.file("file", "one", "TWO")));
    assertThat(content("file")).isEqualTo("oneTWO");
    assertThat(Files.readString(outside)).isEqualTo("onetwo");
    assertThat(Posix.lstat(outside.toString()).mode()).isEqualTo(0600);
  }

  @Test
  void selectionRestoresMatchesAndTheDirectoriesAroundThemOnly() throws Exception {
    BlobId tree =
        scene.tree(
            scene.directory("a", scene.file("no", "n"), scene.file("yes", "y")),
            scene.directory("b", scene.file("no", "n")));
    Selection yes =
        (path, directory) -> directory ? Choice.DESCEND : new Choice(path.endsWith("/yes"), false);
    RestoreResult result = restore(tree, RestoreOptions.DEFAULT.withSelection(yes));
    assertThat(result.items()).isEqualTo(2);
    assertThat(target.toFile().list()).containsExactly("a");
    assertThat(target.resolve("a").toFile().list()).containsExactly("yes");
    assertThat(Files.getLastModifiedTime(target.resolve("a"))).isEqualTo(time());
  }

  @Test
  void deleteRemovesWhatTheSnapshotDoesNotHave() throws Exception {
    Files.createDirectories(target.resolve("dir/stray/deep"));
    Files.writeString(target.resolve("dir/stray/deep/file"), "x");
    Files.writeString(target.resolve("stray"), "x");
    BlobId tree = scene.tree(scene.directory("dir", scene.file("kept", "k")));
    restore(tree);
    assertThat(target.resolve("stray")).exists();
    RestoreResult dry = restore(tree, RestoreOptions.DEFAULT.withDelete(true).withDryRun(true));
    assertThat(dry.deleted()).isEqualTo(2);
    assertThat(target.resolve("stray")).exists();
    RestoreResult result = restore(tree, RestoreOptions.DEFAULT.withDelete(true));
    assertThat(result.deleted()).isEqualTo(4);
    assertThat(target.toFile().list()).containsExactly("dir");
    assertThat(target.resolve("dir").toFile().list()).containsExactly("kept");
  }

  @Test
  void dryRunReportsEverythingAndTouchesNothing() {
    BlobId tree = scene.tree(scene.directory("dir", scene.file("f", "abc")));
    RestoreResult result = restore(tree, RestoreOptions.DEFAULT.withDryRun(true));
    assertThat(result.items()).isEqualTo(2);
    assertThat(result.bytes()).isEqualTo(3);
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void eventsAddUpToWhatWasPlanned() {
    BlobId tree =
        scene.tree(scene.directory("dir", scene.file("f", "abc", "def")), scene.file("g", "abc"));
    restore(tree);
    long planned = 0;
    long written = 0;
    long items = 0;
    for (RestoreEvent event : events) {
      switch (event) {
        case RestoreEvent.Planned plan -> {
          planned += plan.bytes();
          items += plan.items();
        }
        case RestoreEvent.Written more -> written += more.bytes();
        case RestoreEvent.Done done -> items--;
        case RestoreEvent.Verified verified -> throw new AssertionError(verified);
        case RestoreEvent.Found found -> throw new AssertionError(found);
      }
    }
    assertThat(planned).isEqualTo(9);
    assertThat(written).isEqualTo(9);
    assertThat(items).isZero();
  }

  @Test
  void pathInsideTheSnapshotIsFoundOrNamed() {
    BlobId inner = scene.tree(scene.file("f", "x"));
    Node c = scene.node("c", NodeType.DIR, 0755).subtree(inner).build();
    BlobId tree = scene.tree(scene.directory("a", c), scene.file("file", "x"));
    try (Repository repository = scene.open()) {
      assertThat(TreePath.find(repository, tree, "/a/c/")).isEqualTo(inner);
      assertThat(TreePath.find(repository, tree, "")).isEqualTo(tree);
      assertThatThrownBy(() -> TreePath.find(repository, tree, "/a/nope"))
          .hasMessageContaining("/a/nope");
      assertThatThrownBy(() -> TreePath.find(repository, tree, "/file"))
          .hasMessageContaining("not a directory");
    }
  }

  @Test
  void targetThatIsFileIsRefused() throws Exception {
    Files.createDirectories(target.getParent());
    Files.writeString(target, "a file", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> restore(scene.tree()))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("not a directory");
  }

  @Test
  void interruptStopsTheRestore() {
    BlobId tree = scene.tree(scene.file("f", "abc"));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> restore(tree)).isInstanceOf(HoldfastException.Cancelled.class);
    } finally {
      // The next test must not find it.
      Thread.interrupted();
    }
  }
}
