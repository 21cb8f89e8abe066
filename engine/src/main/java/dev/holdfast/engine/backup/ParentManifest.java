package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the parent snapshot says of the databases in it. Thread-safe.
final class ParentManifest {
  /// Directories that are remembered: databases lie in few of them, and those of tenants have their
  /// parents in common.
  private static final int DIRECTORIES_MAX = 64;

  private final Repository repository;
  private final @Nullable BlobId root;
  private final Optional<Manifest> manifest;
  private final Map<String, ManifestSource> sources = new HashMap<>();
  private final Map<String, Map<String, Node>> directories =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Node>> eldest) {
          return size() > DIRECTORIES_MAX;
        }
      };

  private ParentManifest(
      Repository repository, @Nullable BlobId root, Optional<Manifest> manifest) {
    this.repository = repository;
    this.root = root;
    this.manifest = manifest;
    manifest.ifPresent(m -> m.sources().forEach(source -> sources.put(source.path(), source)));
  }

  /// @param parent the snapshot; without it, or if its manifest cannot be read, nothing is known
  static ParentManifest of(Repository repository, Optional<Snapshot> parent) {
    if (parent.isEmpty()) {
      return new ParentManifest(repository, null, Optional.empty());
    }
    Optional<Manifest> manifest;
    try {
      manifest = ManifestFile.read(repository, parent.get());
    } catch (HoldfastException.Corrupt
        | HoldfastException.NotFound
        | HoldfastException.Unsupported e) {
      manifest = Optional.empty();
    }
    return new ParentManifest(repository, parent.get().tree(), manifest);
  }

  Optional<Manifest> manifest() {
    return manifest;
  }

  Optional<ManifestSource> source(String path) {
    return Optional.ofNullable(sources.get(path));
  }

  /// The entry at a path of the snapshot.
  synchronized Optional<Node> node(String path) {
    try {
      return Optional.ofNullable(directory(UnixPath.parent(path)).get(UnixPath.base(path)));
    } catch (HoldfastException.Corrupt | HoldfastException.NotFound e) {
      return Optional.empty();
    }
  }

  private Map<String, Node> directory(String path) {
    Map<String, Node> known = directories.get(path);
    if (known != null) {
      return known;
    }
    BlobId tree = root;
    if (!path.equals("/")) {
      Node node = directory(UnixPath.parent(path)).get(UnixPath.base(path));
      tree = node == null ? null : node.subtree();
    }
    Map<String, Node> nodes = new HashMap<>();
    if (tree != null) {
      repository.loadTree(tree).nodes().forEach(node -> nodes.put(node.name(), node));
    }
    directories.put(path, nodes);
    return nodes;
  }
}
