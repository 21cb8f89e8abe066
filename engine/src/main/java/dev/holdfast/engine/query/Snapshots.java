package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.SnapshotList;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.UnreadableSnapshot;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Finds snapshots: by filter, by the start of an id, or `latest`.
public final class Snapshots {
  private static final String LATEST = "latest";

  private final Repository repository;

  public Snapshots(Repository repository) {
    this.repository = repository;
  }

  /// The snapshots that match the filter, oldest first.
  ///
  /// @param filter its paths may be relative to the working folder
  /// @param unreadable told of each snapshot file that is damaged
  public List<SnapshotView> matching(
      SnapshotFilter filter, Consumer<HoldfastException> unreadable) {
    SnapshotList all = repository.listSnapshots();
    for (UnreadableSnapshot damaged : all.unreadable()) {
      unreadable.accept(damaged.cause());
    }
    // Snapshots of Windows record paths that are relative here.
    SnapshotFilter absolute = withAbsolutePaths(filter);
    return all.readable().stream()
        .filter(stored -> filter.matches(stored.snapshot()) || absolute.matches(stored.snapshot()))
        .sorted(Comparator.comparing(stored -> stored.snapshot().time().toInstant()))
        .map(SnapshotView::new)
        .toList();
  }

  /// All snapshots, newest first, for those who look for the newest of some of them.
  ///
  /// @throws HoldfastException.Corrupt if one cannot be read: it may be the one they look for
  public List<SnapshotView> newestFirst() {
    SnapshotList all = repository.listSnapshots();
    all.requireNewestKnown();
    return all.readable().reversed().stream().map(SnapshotView::new).toList();
  }

  /// The named snapshots, each once, or those that match the filter if none is named.
  public List<SnapshotView> select(
      List<String> names, SnapshotFilter filter, Consumer<HoldfastException> unreadable) {
    if (names.isEmpty()) {
      return matching(filter, unreadable);
    }
    List<SnapshotView> selected = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (String name : names) {
      if (name.indexOf(':') >= 0) {
        throw new HoldfastException.Rejected(
            "'" + name + "' names a folder in a snapshot", "name the snapshot alone");
      }
      SnapshotView view = find(name, filter).snapshot();
      if (seen.add(view.id())) {
        selected.add(view);
      }
    }
    return selected;
  }

  /// The same where no damaged snapshot may be passed over.
  ///
  /// @throws HoldfastException.Corrupt if there is one
  public List<SnapshotView> select(List<String> names, SnapshotFilter filter) {
    return select(
        names,
        filter,
        cause -> {
          throw cause;
        });
  }

  /// What `SNAPSHOT` or `SNAPSHOT:PATH` names.
  ///
  /// @param filter applies to `latest` alone, and its paths may be relative to the working folder
  /// @throws HoldfastException.NotFound if there is no such snapshot
  public SnapshotPath find(String name, SnapshotFilter filter) {
    int colon = name.indexOf(':');
    String id = colon < 0 ? name : name.substring(0, colon);
    String path = colon < 0 ? "" : name.substring(colon + 1);
    StoredSnapshot stored =
        repository.findSnapshot(
            id, id.equals(LATEST) ? withAbsolutePaths(filter) : SnapshotFilter.ALL);
    return new SnapshotPath(new SnapshotView(stored), Paths.clean("/" + path));
  }

  /// Snapshots record absolute paths without a slash at the end; people type others, too.
  private static SnapshotFilter withAbsolutePaths(SnapshotFilter filter) {
    String folder = System.getProperty("user.dir");
    return filter.withPaths(
        filter.paths().stream()
            .map(path -> Paths.clean(path.startsWith("/") ? path : folder + "/" + path))
            .toList());
  }
}
