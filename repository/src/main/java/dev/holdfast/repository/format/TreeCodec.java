package dev.holdfast.repository.format;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;

/// Tree blob to bytes and back (format sheet, section 8).
public final class TreeCodec {
  /// Trees below this length are read with any memory that the program starts with.
  private static final int MIN_LARGE_BYTES = 16 << 20;

  private TreeCodec() {}

  /// The bytes restic would write for `tree`, so that both programs give an unchanged directory the
  /// same id. Nodes are written in the order they have.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if it takes more memory
  ///   than there is to read it again
  public static byte[] encode(Tree tree) {
    byte[] json = TreeWriter.write(tree);
    if (json.length >= MIN_LARGE_BYTES) {
      requireReadable(json, tree.nodes().size());
    }
    return json;
  }

  private static void requireReadable(byte[] json, int entries) {
    try {
      TreeReader.skim(json);
    } catch (Corrupt e) {
      throw new Unsupported("a folder with " + entries + " entries: " + e.getMessage(), e.hint());
    }
  }

  /// The tree, its nodes in the right order whatever order they were written in. Names are not
  /// judged: who uses them as file names checks them.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no tree, or two nodes
  ///   have one name
  public static Tree decode(byte[] json) {
    return read(json).tree();
  }

  /// As [#decode], and whether the order was right.
  public static DecodedTree read(byte[] json) {
    return TreeReader.read(json);
  }

  /// What the tree refers to, without the rest of it: many times faster where only that matters.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no tree
  public static TreeReferences references(byte[] json) {
    return ReferenceReader.read(json);
  }

  /// A decoded tree.
  ///
  /// @param wasOrdered whether the nodes were ascending as written, which restic asks for
  public record DecodedTree(Tree tree, boolean wasOrdered) {}
}
