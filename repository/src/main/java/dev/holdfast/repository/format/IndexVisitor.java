package dev.holdfast.repository.format;

/// Receives what an index file says, in the order of the file.
@FunctionalInterface
public interface IndexVisitor {
  /// `pack` holds `blob`.
  void blob(PackId pack, PackedBlob blob);

  /// `pack` is about to be described; the calls of [#blob] for it follow.
  default void pack(PackId pack) {}
}
