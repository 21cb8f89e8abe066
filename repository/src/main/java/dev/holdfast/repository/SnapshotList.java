package dev.holdfast.repository;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Snapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The snapshots of a repository. A damaged one does not hide the others; who lists them says so.
///
/// @param readable oldest first
/// @param unreadable those whose files are damaged
public record SnapshotList(List<StoredSnapshot> readable, List<UnreadableSnapshot> unreadable) {
  /// The name that stands for the newest complete snapshot.
  public static final String LATEST = "latest";

  /// Tags of snapshots that [#LATEST] never means (design, sections 5 and 6).
  public static final Set<String> NEVER_LATEST = Set.of("pre-restore", "partial");

  /// The tag of a snapshot that was made of an archive, which has the time of the snapshot that the
  /// archive is of: where both are here, that one is the newer.
  private static final String IMPORTED = "imported";

  private static final Comparator<StoredSnapshot> BY_TIME =
      Comparator.<StoredSnapshot, Instant>comparing(stored -> stored.snapshot().time().toInstant())
          .thenComparing(stored -> !stored.snapshot().tags().contains(IMPORTED))
          .thenComparing(StoredSnapshot::id);

  public SnapshotList {
    readable = readable.stream().sorted(BY_TIME).toList();
    unreadable = unreadable.stream().sorted(Comparator.comparing(UnreadableSnapshot::id)).toList();
  }

  /// The newest snapshot that matches and is neither a restore point nor partial.
  public Optional<StoredSnapshot> latest(SnapshotFilter filter) {
    return readable.reversed().stream()
        .filter(stored -> isComplete(stored.snapshot()) && filter.matches(stored.snapshot()))
        .findFirst();
  }

  /// The snapshot that `name` means: [#LATEST], or the start of an id. An id is taken whatever the
  /// filter says.
  ///
  /// @throws NotFound if there is none
  /// @throws Rejected if several ids start so
  /// @throws Corrupt if it is damaged, or if [#LATEST] was asked for and any is
  public StoredSnapshot find(String name, SnapshotFilter filter) {
    if (name.equals(LATEST)) {
      requireNewestKnown();
      return latest(filter)
          .orElseThrow(() ->
              new NotFound("no snapshot matches", "'holdfast snapshots' shows what there is"));
    }
    return byId(name);
  }

  /// A snapshot that cannot be read may be the newest one, and nobody can tell: an older one in its
  /// place would be taken for the present state.
  ///
  /// @throws Corrupt if there is one
  public void requireNewestKnown() {
    if (!unreadable.isEmpty()) {
      UnreadableSnapshot damaged = unreadable.getFirst();
      String id = damaged.id().hash().toShortHex();
      throw new Corrupt(
          "snapshot " + id + " cannot be read, so nobody knows which one is the latest",
          "name the one you want by its id: 'holdfast snapshots' shows those that can be read; or"
              + " give this one up with 'holdfast repair snapshots --forget "
              + id
              + "'",
          damaged.cause());
    }
  }

  private StoredSnapshot byId(String prefix) {
    List<UnreadableSnapshot> damaged =
        unreadable.stream().filter(one -> startsWith(one.id().hash(), prefix)).toList();
    List<StoredSnapshot> found =
        readable.stream().filter(one -> startsWith(one.id().hash(), prefix)).toList();
    if (prefix.isEmpty() || found.size() + damaged.size() > 1) {
      throw new Rejected("snapshot id '" + prefix + "' is ambiguous", "give more digits of the id");
    }
    if (!damaged.isEmpty()) {
      throw damaged.getFirst().cause();
    }
    if (found.isEmpty()) {
      throw new NotFound(
          "there is no snapshot '" + prefix + "'", "'holdfast snapshots' shows what there is");
    }
    return found.getFirst();
  }

  private static boolean startsWith(Hash hash, String prefix) {
    return hash.toHex().startsWith(prefix);
  }

  private static boolean isComplete(Snapshot snapshot) {
    return snapshot.tags().stream().noneMatch(NEVER_LATEST::contains);
  }
}
