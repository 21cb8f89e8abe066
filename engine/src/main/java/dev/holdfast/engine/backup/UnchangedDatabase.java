package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A database that seems to be as the parent snapshot has it. Whether it is says the mark of its
/// state, or for those without one the times of its file, if nothing lies beside it; and as it must
/// have been so at the instant of the others, it is asked again afterwards.
///
/// @param stat what the file is now
/// @param mark the mark of its state now
/// @param parts what the parent snapshot holds of it
/// @param source what the parent's manifest says of it
record UnchangedDatabase(
    FoundDatabase found,
    FileStat stat,
    Optional<String> mark,
    List<StoredDatabase.Part> parts,
    ManifestSource source) {
  UnchangedDatabase {
    parts = List.copyOf(parts);
  }

  /// The mark of a claimed database's state; empty if there is none.
  static Optional<String> mark(FoundDatabase found) {
    try {
      return found.engine().stateMark(found.file());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      // Whoever opens it next says what is wrong with it.
      return Optional.empty();
    }
  }

  /// What the parent has of a claimed database, if that is what the database still is.
  static Optional<UnchangedDatabase> of(
      BackupRun run, FoundDatabase found, FileStat stat, Optional<String> mark) {
    Optional<ManifestSource> source =
        run.parent()
            .source(found.path())
            .filter(known -> known.kind().equals(found.engine().name()));
    Optional<Node> node = run.parent().node(found.path()).filter(Node::isFile);
    if (source.isEmpty() || node.isEmpty()) {
      return Optional.empty();
    }
    boolean same =
        mark.isPresent()
            ? mark.equals(source.get().stateMark())
            : source.get().stateMark().isEmpty()
                && !found.hasSidecars()
                && NodeComparison.isUnread(stat, node.get(), run.options().switches());
    return same ? stored(run, found, stat, mark, node.get(), source.get()) : Optional.empty();
  }

  private static Optional<UnchangedDatabase> stored(
      BackupRun run,
      FoundDatabase found,
      FileStat stat,
      Optional<String> mark,
      Node node,
      ManifestSource source) {
    List<StoredDatabase.Part> parts = new ArrayList<>();
    add(parts, "", node);
    for (String suffix : found.engine().sidecarSuffixes()) {
      run.parent()
          .node(found.path() + suffix)
          .filter(Node::isFile)
          .ifPresent(companion -> add(parts, suffix, companion));
    }
    List<BlobIds> ids = parts.stream().map(StoredDatabase.Part::ids).toList();
    // The manifest is about what the tree holds, and all of that is there.
    boolean whole =
        source.contentHash().equals(Optional.of(ContentHash.of(ids)))
            && ids.stream().allMatch(run::hasAll);
    return whole
        ? Optional.of(new UnchangedDatabase(found, stat, mark, parts, source))
        : Optional.empty();
  }

  private static void add(List<StoredDatabase.Part> parts, String suffix, Node node) {
    BlobIds content = node.content();
    parts.add(
        new StoredDatabase.Part(
            suffix, content == null ? BlobIds.EMPTY : content, node.sizeBytes()));
  }

  /// Whether the database, still claimed, has not changed since this was made.
  boolean isStillSo() {
    if (mark.isPresent()) {
      return mark(found).equals(mark);
    }
    try {
      FileStat now = Posix.lstat(found.file());
      DatabaseEngine engine = found.engine();
      return now.isSameFile(stat)
          && now.sizeBytes() == stat.sizeBytes()
          && now.mtimeSeconds() == stat.mtimeSeconds()
          && now.mtimeNanos() == stat.mtimeNanos()
          && now.ctimeSeconds() == stat.ctimeSeconds()
          && now.ctimeNanos() == stat.ctimeNanos()
          && engine.sidecarSuffixes().stream()
              .noneMatch(suffix -> Posix.isPresent(found.file() + suffix));
    } catch (PosixException e) {
      return false;
    }
  }

  /// The state, as if it were stored now.
  StoredDatabase state(SharedInstant shown) {
    SourceFacts known = source.facts();
    SourceFacts facts =
        new SourceFacts(
            known.engineVersion(),
            shown.instant(),
            known.tables(),
            known.schemaFingerprint(),
            known.properties(),
            known.warnings());
    ManifestSource now =
        new ManifestSource(
            found.path(),
            source.kind(),
            found.path(),
            Map.of(),
            source.claim(),
            Duration.ZERO,
            source.bytes(),
            source.contentHash(),
            Duration.ZERO,
            mark,
            false,
            facts,
            Optional.empty());
    return new StoredDatabase(
        found.engine(), stat, parts.getFirst(), parts.subList(1, parts.size()), 0, 0, now, shown);
  }
}
