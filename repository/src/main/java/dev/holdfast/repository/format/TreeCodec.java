package dev.holdfast.repository.format;

/// Tree blob to bytes and back (format sheet, section 8).
public final class TreeCodec {
  private TreeCodec() {}

  /// The bytes restic would write for `tree`, so that both programs give an unchanged directory the
  /// same id. Nodes are written in the order they have.
  public static byte[] encode(Tree tree) {
    return TreeWriter.write(tree);
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
