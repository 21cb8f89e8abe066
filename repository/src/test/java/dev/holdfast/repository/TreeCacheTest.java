package dev.holdfast.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.Tree;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeCacheTest {
  private static final int LARGE = TreeCache.MAX_TREE_BYTES / 400;

  private final TreeCache cache = new TreeCache();

  private static BlobId id(int number) {
    return new BlobId(new Hash(number, 0, 0, 0));
  }

  private static Tree tree(int entries) {
    return new Tree(Collections.nCopies(entries, Node.builder("a", NodeType.FILE).build()));
  }

  @Test
  void aFolderOfThousandsOfFilesIsRemembered() {
    Tree folder = tree(LARGE);
    assertThat(folder.weightBytes()).isGreaterThan(TreeCache.MAX_TREE_BYTES);

    cache.put(id(1), folder);

    assertThat(cache.get(id(1))).isSameAs(folder);
  }

  @Test
  void largeFoldersDriveOutEachOtherAndNoSmallOne() {
    Tree small = tree(1);
    cache.put(id(0), small);
    Tree large = tree(LARGE);
    int room = Math.toIntExact(TreeCache.MAX_LARGE_BYTES / large.weightBytes());

    for (int i = 1; i <= room + 1; i++) {
      cache.put(id(i), large);
    }

    assertThat(cache.get(id(0))).isSameAs(small);
    assertThat(cache.get(id(1))).isNull();
    assertThat(cache.get(id(2))).isNotNull();
    assertThat(cache.get(id(room + 1))).isNotNull();
  }

  @Test
  void aFolderThatIsLargerThanAllOfItIsNotKept() {
    Tree huge = tree(TreeCache.MAX_LARGE_BYTES / 400);
    assertThat(huge.weightBytes()).isGreaterThan(TreeCache.MAX_LARGE_BYTES);

    cache.put(id(1), huge);

    assertThat(cache.get(id(1))).isNull();
  }

  @Test
  void smallTreesAreForgottenWhenTheyAreTooManyTogether() {
    Tree tree = tree(1_000);
    int room = Math.toIntExact(TreeCache.MAX_BYTES / tree.weightBytes());
    for (int i = 0; i <= room; i++) {
      cache.put(id(i), tree);
    }

    assertThat(cache.get(id(0))).isNull();
    assertThat(cache.get(id(1))).isNotNull();
  }

  @Test
  void anEntryIsFoundByItsName() {
    List<String> names = List.of("B", "a", "a.db", "b", "ä");
    Tree tree =
        new Tree(names.stream().map(name -> Node.builder(name, NodeType.FILE).build()).toList());

    for (String name : names) {
      assertThat(tree.find(name)).get().extracting(Node::name).isEqualTo(name);
    }
    assertThat(tree.find("")).isEmpty();
    assertThat(tree.find("a.d")).isEmpty();
    assertThat(tree.find("z")).isEmpty();
    assertThat(new Tree(List.of()).find("a")).isEmpty();
  }
}
