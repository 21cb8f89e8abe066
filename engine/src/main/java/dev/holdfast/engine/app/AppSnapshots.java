package dev.holdfast.engine.app;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What snapshots say of themselves, and which one came before another.
public final class AppSnapshots {
  private final Repository repository;

  public AppSnapshots(Repository repository) {
    this.repository = repository;
  }

  /// The filter with one condition more: only snapshots of the app.
  public static SnapshotFilter of(String app, SnapshotFilter filter) {
    String tag = Manifest.APP_TAG + app;
    List<List<String>> lists = new ArrayList<>();
    for (List<String> list : filter.tagLists()) {
      List<String> both = new ArrayList<>(list);
      both.add(tag);
      lists.add(both);
    }
    return new SnapshotFilter(
        filter.hosts(), lists.isEmpty() ? List.of(List.of(tag)) : lists, filter.paths());
  }

  /// The manifest of a snapshot; empty if it has none.
  public Optional<Manifest> manifest(SnapshotView snapshot) {
    return ManifestFile.read(repository, snapshot.stored().snapshot());
  }

  /// The newest whole snapshot of the same app, or of the same paths, on the same host that is
  /// older than this one; see [Manifest#isWhole].
  public Optional<SnapshotView> before(SnapshotView snapshot) {
    Optional<String> app = app(snapshot);
    List<SnapshotView> older =
        new Snapshots(repository)
            .matching(
                new SnapshotFilter(
                    List.of(snapshot.hostname()),
                    app.map(name -> List.of(List.of(Manifest.APP_TAG + name))).orElse(List.of()),
                    app.isPresent() ? List.of() : snapshot.paths()),
                _ -> {});
    return older.reversed().stream()
        .filter(other ->
            other.time().toInstant().isBefore(snapshot.time().toInstant())
                && Manifest.isWhole(other.tags()))
        .findFirst();
  }

  /// The name of the app that a snapshot is of; empty if it is of none.
  public static Optional<String> app(SnapshotView snapshot) {
    return Manifest.appOf(snapshot.tags());
  }
}
