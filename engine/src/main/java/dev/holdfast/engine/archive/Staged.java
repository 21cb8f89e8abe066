package dev.holdfast.engine.archive;

import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.source.VirtualFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An archive that was looked through from its start to its end and unpacked into a private folder,
/// as what a backup takes. Closing removes it.
///
/// @param format what it is, in a word
/// @param origin what it says of itself
/// @param tree folder whose content stands for the root of the snapshot
/// @param files that do not lie there
/// @param labels what sources are called
/// @param paths of the snapshot
/// @param time at which what is in it was so; empty if it does not say
/// @param fileCount files in the archive
/// @param databases how many of them are databases that were opened, or dumps that were read
public record Staged(
    Scratch scratch,
    String format,
    Origin origin,
    String tree,
    List<VirtualFile> files,
    List<BackupSubject.Label> labels,
    List<String> paths,
    Optional<Instant> time,
    long fileCount,
    int databases)
    implements AutoCloseable {
  /// Whose content it says it has.
  ///
  /// @param app empty if it does not say
  /// @param tenants the names of those of which it says so
  public record Origin(Optional<String> app, Set<String> tenants) {
    /// Of an archive that says nothing.
    static final Origin UNKNOWN = new Origin(Optional.empty(), Set.of());

    public Origin {
      tenants = Set.copyOf(tenants);
    }

    static Origin of(Optional<String> app, Collection<Map<String, String>> bindings) {
      return new Origin(
          app,
          bindings.stream()
              .flatMap(names -> Identity.tenantOf(names).stream())
              .collect(Collectors.toSet()));
    }
  }

  public Staged {
    files = List.copyOf(files);
    labels = List.copyOf(labels);
    paths = List.copyOf(paths);
  }

  /// What is to be backed up.
  public BackupTargets targets() {
    return BackupTargets.staged(tree, files);
  }

  /// What the snapshot is of.
  ///
  /// @param app empty: of nothing but its paths
  /// @param names what the app calls what is in it; they take the place of [#labels]
  public BackupSubject subject(Optional<String> app, List<BackupSubject.Label> names) {
    List<BackupSubject.Label> all = new ArrayList<>(labels);
    all.addAll(names);
    return new BackupSubject(
        app,
        Manifest.IMPORTED_TAG,
        all,
        paths,
        List.of(),
        List.of(),
        List.of(),
        BackupSubject.OnFailure.FAIL);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
