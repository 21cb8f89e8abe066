package dev.holdfast.engine.manifest;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds and reads the manifest in a snapshot.
public final class ManifestFile {
  /// What a manifest may have: some hundred thousand tables. Whoever made more of it would only
  /// fill the memory of the reader.
  private static final long BYTES_MAX = 64 << 20;

  private ManifestFile() {}

  /// The manifest of a snapshot; empty if it has none, as those of plain trees and of other
  /// programs.
  ///
  /// @throws HoldfastException.Corrupt if it is damaged
  /// @throws HoldfastException.Unsupported if it is of a later version
  public static Optional<Manifest> read(Repository repository, Snapshot snapshot) {
    return node(repository, snapshot).map(file -> ManifestCodec.decode(bytes(repository, file)));
  }

  /// The same for who can do without: one that cannot be read, damaged or of a later version, keeps
  /// nobody from the data.
  ///
  /// @param unreadable told why it is passed over
  public static Optional<Manifest> readIfPossible(
      Repository repository, Snapshot snapshot, Consumer<HoldfastException> unreadable) {
    try {
      return read(repository, snapshot);
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      unreadable.accept(e);
      return Optional.empty();
    }
  }

  /// The entry of the manifest, if there is one.
  public static Optional<Node> node(Repository repository, Snapshot snapshot) {
    return repository
        .loadTree(snapshot.tree())
        .find(Manifest.DIRECTORY)
        .map(Node::subtree)
        .flatMap(directory -> repository.loadTree(directory).find(Manifest.FILE))
        .filter(Node::isFile);
  }

  private static byte[] bytes(Repository repository, Node file) {
    BlobIds content = file.content();
    if (content == null || file.sizeBytes() > BYTES_MAX) {
      throw new HoldfastException.Corrupt("the manifest has " + file.sizeBytes() + " bytes");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < content.size(); i++) {
      bytes.writeBytes(repository.loadBlob(new BlobHandle(BlobType.DATA, content.get(i))));
      if (bytes.size() > BYTES_MAX) {
        throw new HoldfastException.Corrupt("the manifest is longer than it says");
      }
    }
    return bytes.toByteArray();
  }
}
