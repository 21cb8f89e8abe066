package dev.holdfast.engine.manifest;

import dev.holdfast.engine.source.TableRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What changed in an app from one snapshot to another.
///
/// @param added sources that only the later one has
/// @param vanished sources that only the earlier one has
/// @param changed sources that both have, ordered as in the later one
public record ManifestDifference(
    List<ManifestSource> added, List<ManifestSource> vanished, List<SourceChange> changed) {
  public ManifestDifference {
    added = List.copyOf(added);
    vanished = List.copyOf(vanished);
    changed = List.copyOf(changed);
  }

  /// A source in both snapshots.
  ///
  /// @param tables those whose rows differ
  public record SourceChange(
      ManifestSource before, ManifestSource after, List<TableChange> tables) {
    public SourceChange {
      tables = List.copyOf(tables);
    }

    public boolean schemaChanged() {
      return !before.facts().schemaFingerprint().equals(after.facts().schemaFingerprint());
    }
  }

  /// A table that has other rows than before; empty where there is no such table.
  public record TableChange(Optional<TableRows> before, Optional<TableRows> after) {
    public String name() {
      return after.or(() -> before).map(TableRows::name).orElse("");
    }

    /// Rows gained, negative if lost.
    public long gained() {
      return after.map(TableRows::rows).orElse(0L) - before.map(TableRows::rows).orElse(0L);
    }
  }

  /// Compares. Sources are the same if they are of one kind and at one path.
  public static ManifestDifference between(Manifest before, Manifest after) {
    Map<Key, ManifestSource> left = new LinkedHashMap<>();
    before.sources().forEach(source -> left.put(Key.of(source), source));
    List<ManifestSource> added = new ArrayList<>();
    List<SourceChange> changed = new ArrayList<>();
    for (ManifestSource source : after.sources()) {
      ManifestSource earlier = left.remove(Key.of(source));
      if (earlier == null) {
        added.add(source);
      } else {
        changed.add(new SourceChange(earlier, source, tables(earlier, source)));
      }
    }
    return new ManifestDifference(added, List.copyOf(left.values()), changed);
  }

  private record Key(String kind, String path) {
    static Key of(ManifestSource source) {
      return new Key(source.kind(), source.path());
    }
  }

  private static List<TableChange> tables(ManifestSource before, ManifestSource after) {
    Map<String, TableRows> earlier = new LinkedHashMap<>();
    before.facts().tables().forEach(table -> earlier.put(table.name(), table));
    List<TableChange> changes = new ArrayList<>();
    for (TableRows table : after.facts().tables()) {
      TableRows same = earlier.remove(table.name());
      if (same == null || same.rows() != table.rows()) {
        changes.add(new TableChange(Optional.ofNullable(same), Optional.of(table)));
      }
    }
    earlier
        .values()
        .forEach(gone -> changes.add(new TableChange(Optional.of(gone), Optional.empty())));
    return changes;
  }
}
