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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
    List<SnapshotView> views = views(identity);
    List<Holder> holders = new ArrayList<>();
    switch (identity) {
      case Identity.Path path -> {
        for (SnapshotView view : views) {
          add(
              view,
              holds(path, view.stored().snapshot()) ? Set.of(path.path()) : Set.of(),
              holders);
        }
      }
      case Identity.Tenant tenant -> {
        List<List<ManifestSource>> sources = views.stream().map(this::sources).toList();
        Set<String> known = new TreeSet<>();
        sources.forEach(each ->
            each.stream()
                .filter(source -> tenant.name().equals(bound(source)))
                .forEach(source -> known.add(source.path())));
        for (int i = 0; i < views.size(); i++) {
          add(views.get(i), paths(tenant, known, sources.get(i)), holders);
        }
      }
    }
    return holders;
  }

  /// The tenants that the snapshots of an app know.
  public Set<String> tenants(Identity.Tenant identity) {
    Set<String> tenants = new TreeSet<>();
    for (SnapshotView view : views(identity)) {
      for (ManifestSource source : sources(view)) {
        String bound = bound(source);
        if (bound != null && !bound.isEmpty()) {
          tenants.add(bound);
        }
      }
    }
    return tenants;
  }

  private List<SnapshotView> views(Identity identity) {
    SnapshotFilter filter =
        identity
            .owner()
            .map(app ->
                new SnapshotFilter(List.of(), List.of(List.of(Manifest.APP_TAG + app)), List.of()))
            .orElse(SnapshotFilter.ALL);
    return new Snapshots(repository).select(List.of(), filter);
  }

  private static void add(SnapshotView view, Set<String> paths, List<Holder> holders) {
    if (!paths.isEmpty()) {
      holders.add(new Holder(view, paths));
    }
  }

  private boolean holds(Identity.Path path, Snapshot snapshot) {
    Optional<Manifest> manifest = ManifestFile.read(repository, snapshot);
    boolean named =
        manifest.stream()
                .flatMap(it -> it.sources().stream())
                .anyMatch(source -> Paths.isWithin(path.path(), source.path()))
            || snapshot.paths().stream().anyMatch(it -> Paths.isWithin(path.path(), it));
    return named || exists(snapshot.tree(), path.path());
  }

  private List<ManifestSource> sources(SnapshotView view) {
    return ManifestFile.read(repository, view.stored().snapshot())
        .map(Manifest::sources)
        .orElse(List.of());
  }

  /// What is the tenant's in a snapshot: what was stored under its name, and what was stored under
  /// none where it lies in another snapshot, as when the source was written without a pattern then.
  private static Set<String> paths(
      Identity.Tenant tenant, Set<String> known, List<ManifestSource> sources) {
    Set<String> paths = new TreeSet<>();
    for (ManifestSource source : sources) {
      String bound = bound(source);
      if (bound == null ? known.contains(source.path()) : bound.equals(tenant.name())) {
        COMPANIONS.forEach(suffix -> paths.add(source.path() + suffix));
      }
    }
    return paths;
  }

  private static @Nullable String bound(ManifestSource source) {
    return Identity.tenantOf(source.bindings()).orElse(null);
  }

  private boolean exists(BlobId root, String path) {
    BlobId tree = root;
    String[] names = path.substring(1).split("/", -1);
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      Optional<Node> node = repository.loadTree(tree).find(name);
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
