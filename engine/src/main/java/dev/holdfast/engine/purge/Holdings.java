package dev.holdfast.engine.purge;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds what snapshots hold of something: on which paths it lies.
public final class Holdings {
  /// What may lie beside a database and is part of it.
  private static final List<String> COMPANIONS = List.of("", ".wal", "-wal", "-shm", "-journal");

  private final Repository repository;

  /// A snapshot that holds it.
  ///
  /// @param paths what is to be left out, that is there
  public record Holder(SnapshotView snapshot, Set<String> paths) {}

  public Holdings(Repository repository) {
    this.repository = repository;
  }

  /// The snapshots that hold it, oldest first, of all hosts.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if a snapshot cannot be read:
  ///   it may hold it
  public List<Holder> find(Identity identity) {
    SnapshotFilter filter =
        identity
            .owner()
            .map(app ->
                new SnapshotFilter(List.of(), List.of(List.of(Manifest.APP_TAG + app)), List.of()))
            .orElse(SnapshotFilter.ALL);
    List<Holder> holders = new ArrayList<>();
    for (SnapshotView view : new Snapshots(repository).select(List.of(), filter)) {
      Set<String> paths = paths(identity, view.stored().snapshot());
      if (!paths.isEmpty()) {
        holders.add(new Holder(view, paths));
      }
    }
    return holders;
  }

  private Set<String> paths(Identity identity, Snapshot snapshot) {
    Set<String> paths = new TreeSet<>();
    switch (identity) {
      case Identity.Path path -> {
        Optional<Manifest> manifest = ManifestFile.read(repository, snapshot);
        boolean named =
            manifest.stream()
                    .flatMap(it -> it.sources().stream())
                    .anyMatch(source -> Paths.isWithin(path.path(), source.path()))
                || snapshot.paths().stream().anyMatch(it -> Paths.isWithin(path.path(), it));
        if (named || exists(snapshot.tree(), path.path())) {
          paths.add(path.path());
        }
      }
      case Identity.Tenant tenant ->
          ManifestFile.read(repository, snapshot)
              .ifPresent(manifest -> addTenant(tenant, manifest, paths));
    }
    return paths;
  }

  private static void addTenant(Identity.Tenant tenant, Manifest manifest, Set<String> paths) {
    for (ManifestSource source : manifest.sources()) {
      if (Objects.equals(source.bindings().get(Identity.TENANT), tenant.name())) {
        COMPANIONS.forEach(suffix -> paths.add(source.path() + suffix));
      }
    }
  }

  private boolean exists(BlobId root, String path) {
    BlobId tree = root;
    String[] names = path.substring(1).split("/", -1);
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      Optional<Node> node =
          repository.loadTree(tree).nodes().stream()
              .filter(it -> it.name().equals(name))
              .findFirst();
      if (node.isEmpty()) {
        return false;
      }
      BlobId subtree = node.get().subtree();
      if (i == names.length - 1) {
        return true;
      }
      if (subtree == null) {
        return false;
      }
      tree = subtree;
    }
    return false;
  }
}
