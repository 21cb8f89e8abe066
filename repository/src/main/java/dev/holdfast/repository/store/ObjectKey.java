package dev.holdfast.repository.store;

import dev.holdfast.repository.format.Hash;

/// Names one object of a repository.
///
/// @param hash SHA-256 of the stored bytes; all zero for the config, which has no name of its own
public record ObjectKey(ObjectType type, Hash hash) {
  /// The config object.
  public static final ObjectKey CONFIG = new ObjectKey(ObjectType.CONFIG, new Hash(0, 0, 0, 0));

  /// The path in the default layout, relative to the root of the repository and with `/` between.
  public String path() {
    return switch (type) {
      case CONFIG -> type.folder();
      case PACK -> {
        String hex = hash.toHex();
        yield type.folder() + "/" + hex.substring(0, 2) + "/" + hex;
      }
      case KEY, LOCK, SNAPSHOT, INDEX, RECORD -> type.folder() + "/" + hash.toHex();
    };
  }

  @Override
  public String toString() {
    return path();
  }
}
