package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a snapshot is of, apart from the paths: what its manifest and its tags say.
///
/// @param app the app's name; empty for a backup of paths
/// @param run the kind of run, a tag of the snapshots of apps, such as [Manifest#MANUAL_TAG]
/// @param labels what the configuration calls its sources; anything else is called by its path
/// @param paths the snapshot's paths if they are not those of the targets: those of an app stay the
///   same while its tenants come and go
/// @param outside what lies under the app's root and belongs to nothing
/// @param missing sources that were not found, before anything else is looked at
/// @param warnings sentences that belong into the manifest
/// @param onFailure what becomes of the backup if a source cannot be stored
public record BackupSubject(
    Optional<String> app,
    String run,
    List<Label> labels,
    List<String> paths,
    List<String> outside,
    List<Manifest.FailedSource> missing,
    List<String> warnings,
    OnFailure onFailure) {
  /// A backup of paths, as restic makes it.
  public static final BackupSubject PATHS =
      new BackupSubject(
          Optional.empty(),
          Manifest.MANUAL_TAG,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          OnFailure.REPORT);

  public BackupSubject {
    labels = List.copyOf(labels);
    paths = List.copyOf(paths);
    outside = List.copyOf(outside);
    missing = List.copyOf(missing);
    warnings = List.copyOf(warnings);
  }

  /// A backup of paths in which some sources have names.
  public static BackupSubject ofPaths(List<Label> labels) {
    return new BackupSubject(
        Optional.empty(),
        Manifest.MANUAL_TAG,
        labels,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        OnFailure.REPORT);
  }

  /// The name of a source.
  ///
  /// @param path where it lies in the snapshot: what is below it belongs to it, unless another
  ///   label is nearer
  /// @param bindings what the names in its pattern stand for
  public record Label(String name, String path, Map<String, String> bindings) {
    public Label {
      bindings = Map.copyOf(bindings);
    }

    /// Whether it is a source that has a name, and is not called by its path.
    boolean isNamed() {
      return !name.equals(path);
    }
  }

  /// What becomes of a backup that cannot store a source.
  public enum OnFailure {
    /// What was named as a target makes it fail; anything else is reported and left out, as restic
    /// does.
    REPORT,
    /// It fails.
    FAIL,
    /// It is stored with the tag `partial`, unless nothing is left of it.
    PARTIAL
  }

  /// The tags that say all this.
  List<String> tags() {
    List<String> tags = new ArrayList<>();
    if (app.isPresent()) {
      tags.add(Manifest.APP_TAG + app.get());
      tags.add(run);
    }
    return tags;
  }
}
