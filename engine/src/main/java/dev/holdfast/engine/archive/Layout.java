package dev.holdfast.engine.archive;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Chooses where the parts of a snapshot go in an archive: what is in the one folder that was
/// backed up goes to the root, so that extraction into that folder puts everything into its place;
/// of several, each goes to the root by its own name.
final class Layout {
  /// Where dumps of servers lie in snapshots; their folders tell them apart.
  private static final String DUMPS = "/postgres";

  private final Walker walker;
  private final SnapshotPath start;

  Layout(Walker walker, SnapshotPath start) {
    this.walker = walker;
    this.start = start;
  }

  /// The parts, by name.
  List<Description.Root> roots() {
    List<EntryView> entries = outermost();
    if (entries.isEmpty()) {
      return List.of(new Description.Root("", start.path(), true));
    }
    if (entries.size() == 1 && entries.getFirst().isDirectory()) {
      return List.of(root("", entries.getFirst()));
    }
    List<Description.Root> shortNames =
        entries.stream().map(entry -> root(shortName(entry.path()), entry)).toList();
    return areApart(shortNames)
        ? shortNames
        : entries.stream().map(entry -> root(entry.path().substring(1), entry)).toList();
  }

  private static Description.Root root(String name, EntryView entry) {
    return new Description.Root(name, entry.path(), entry.isDirectory());
  }

  private static String shortName(String path) {
    return Paths.isWithin(DUMPS, path) ? path.substring(1) : Paths.name(path);
  }

  /// What was backed up and is in the snapshot, without what lies in another of them.
  private List<EntryView> outermost() {
    List<EntryView> found = new ArrayList<>();
    if (!start.path().equals("/")) {
      return List.of(walker.entryAt(start));
    }
    String last = null;
    for (String path : new TreeSet<>(start.snapshot().paths())) {
      String clean = UnixPath.clean(path);
      boolean inside = last != null && Paths.isWithin(last, clean);
      if (clean.startsWith("/") && !clean.equals("/") && !inside) {
        Optional<EntryView> entry = entry(clean);
        if (entry.isEmpty()) {
          return List.of(); // a relative path, or another program's way of naming them
        }
        found.add(entry.get());
        last = clean;
      }
    }
    return found;
  }

  private Optional<EntryView> entry(String path) {
    try {
      return Optional.of(walker.entryAt(new SnapshotPath(start.snapshot(), path)));
    } catch (HoldfastException.NotFound e) {
      return Optional.empty();
    }
  }

  /// Whether no name is another's, lies in it, or is taken.
  private static boolean areApart(List<Description.Root> roots) {
    TreeSet<String> names =
        roots.stream().map(Description.Root::name).collect(Collectors.toCollection(TreeSet::new));
    if (names.size() < roots.size() || names.contains(Manifest.DIRECTORY)) {
      return false;
    }
    return names.stream()
        .allMatch(name ->
            names.stream().allMatch(other -> other.equals(name) || !Paths.isWithin(name, other)));
  }
}
