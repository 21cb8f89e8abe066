package dev.holdfast.repository.repair;

import dev.holdfast.repository.format.PackId;
import java.util.List;
import java.util.stream.Stream;

/// What a repair of the index is going to do.
///
/// @param damagedFiles paths of index files that cannot be read
/// @param added packs that no index names, and whose own headers say what they hold
/// @param reread packs whose entry is replaced by what their own headers say
/// @param forgotten packs that are not in the store
/// @param unreadable packs whose headers cannot be read: what the index says of them stays
/// @param merges whether index files are merged that repeat each other
public record IndexPlan(
    List<String> damagedFiles,
    List<PackId> added,
    List<PackId> reread,
    List<PackId> forgotten,
    List<PackId> unreadable,
    boolean merges) {
  public IndexPlan {
    damagedFiles = List.copyOf(damagedFiles);
    added = List.copyOf(added);
    reread = List.copyOf(reread);
    forgotten = List.copyOf(forgotten);
    unreadable = List.copyOf(unreadable);
  }

  /// Whether there is nothing to do.
  public boolean isEmpty() {
    return damagedFiles.isEmpty()
        && added.isEmpty()
        && reread.isEmpty()
        && forgotten.isEmpty()
        && !merges;
  }

  /// The plan in lines for people.
  public List<String> lines() {
    return Stream.of(
            damagedFiles.stream().map(file -> "replace " + file + ", which cannot be read"),
            added.stream().map(pack -> "add pack " + pack + ", which no index names"),
            reread.stream().map(pack -> "enter pack " + pack + " anew, from its own header"),
            forgotten.stream().map(pack -> "forget pack " + pack + ", which is not in the store"),
            unreadable.stream()
                .map(pack ->
                    "leave pack "
                        + pack
                        + " as it is: its header cannot be read; 'holdfast repair packs "
                        + pack.hash().toShortHex()
                        + "' saves what can be read of it"))
        .flatMap(lines -> lines)
        .toList();
  }
}
