package dev.holdfast.engine.manifest;

import dev.holdfast.engine.source.SourceFacts;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The manifest of a snapshot (design, section 5). It is written when the snapshot is of an app, or
/// holds a database or a dump.
///
/// @param program such as `holdfast 0.1.0`
/// @param app the app's name; empty for a backup of paths
/// @param run the kind of run, such as `manual`
/// @param start when the backup began
/// @param instant the moment that its databases show; that of the start if there are none
/// @param end when everything was stored
/// @param sources everything that is inside, ordered by path
/// @param failed what should be inside and is not; only partial snapshots have any
/// @param outside paths under the app's root that belong neither to a source nor to an exclude, the
///   first [#NAMES_MAX] of them
/// @param warnings sentences about the backup as a whole
public record Manifest(
    String program,
    Optional<String> app,
    String run,
    String host,
    Instant start,
    Instant instant,
    Instant end,
    List<ManifestSource> sources,
    List<FailedSource> failed,
    List<String> outside,
    List<String> warnings) {
  /// The version of the form that is written, and the newest that is read.
  public static final int FORMAT = 1;

  /// The directory in the root of a snapshot that is Holdfast's.
  public static final String DIRECTORY = ".holdfast";

  /// The manifest's name in [#DIRECTORY].
  public static final String FILE = "manifest.json";

  /// Where it lies in a snapshot.
  public static final String PATH = "/" + DIRECTORY + "/" + FILE;

  /// The tag of a snapshot of an app is this and the app's name.
  public static final String APP_TAG = "app:";

  /// The tag of a snapshot that lacks a source.
  public static final String PARTIAL_TAG = "partial";

  /// The tag of a snapshot that a recovery took of the state before it.
  public static final String RESTORE_POINT_TAG = "pre-restore";

  /// The tag of a snapshot that was made of an archive.
  public static final String IMPORTED_TAG = "imported";

  /// The tag of a snapshot of an app that somebody asked for.
  public static final String MANUAL_TAG = "manual";

  /// The tag of a snapshot of an app that was made because it was time.
  public static final String SCHEDULED_TAG = "scheduled";

  /// The tag of a snapshot with an image that nobody could open to see whether it is whole.
  public static final String UNVERIFIED_TAG = "unverified";

  /// What the name of a database on a server is bound to in its source.
  public static final String DATABASE_BINDING = "database";

  /// Names that are listed of what may be any number; counts are complete.
  public static final int NAMES_MAX = 100;

  public Manifest {
    sources = List.copyOf(sources);
    failed = List.copyOf(failed);
    outside = List.copyOf(outside);
    warnings = List.copyOf(warnings);
  }

  /// A source that could not be stored.
  ///
  /// @param path where it would lie in the snapshot
  public record FailedSource(String path, String reason) {}

  /// Whether a snapshot with these tags has all of its app: it lacks no source, and is no restore
  /// point, which may be of one tenant alone.
  public static boolean isWhole(Collection<String> tags) {
    return !tags.contains(PARTIAL_TAG) && !tags.contains(RESTORE_POINT_TAG);
  }

  /// The app that a snapshot with these tags is of; empty if it is of none.
  public static Optional<String> appOf(Collection<String> tags) {
    return tags.stream()
        .filter(tag -> tag.startsWith(APP_TAG) && tag.length() > APP_TAG.length())
        .map(tag -> tag.substring(APP_TAG.length()))
        .findFirst();
  }

  /// The same with other sources.
  public Manifest withSources(List<ManifestSource> others) {
    return new Manifest(
        program, app, run, host, start, instant, end, others, failed, outside, warnings);
  }

  /// What is known of the databases, by their paths in the snapshot.
  public Map<String, SourceFacts> facts() {
    Map<String, SourceFacts> facts = new HashMap<>();
    for (ManifestSource source : sources) {
      if (!source.facts().tables().isEmpty() || source.kind().equals("postgres")) {
        facts.put(source.path(), source.facts());
      }
    }
    return facts;
  }

  /// The source at a path of the snapshot.
  public Optional<ManifestSource> source(String path) {
    return sources.stream().filter(source -> source.path().equals(path)).findFirst();
  }
}
