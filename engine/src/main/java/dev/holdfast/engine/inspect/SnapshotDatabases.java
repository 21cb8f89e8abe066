package dev.holdfast.engine.inspect;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Finds the database of a snapshot that a person means.
///
/// @param manifest empty for a snapshot of another program
public record SnapshotDatabases(SnapshotView snapshot, Optional<Manifest> manifest) {
  private static final int NAMED_MAX = 10;
  private static final String FILES = "files";
  private static final String POSTGRES = "postgres";

  /// The path of a database in the snapshot.
  ///
  /// @param source a path from `/`; or the name of a source, what a name in its pattern stands for,
  ///   such as a tenant, or the name of the file
  /// @throws HoldfastException.NotFound if there is none
  /// @throws HoldfastException.Rejected if there are several
  public String find(String source) {
    if (source.startsWith("/")) {
      String path = Paths.clean(source);
      List<ManifestSource> known =
          databases().stream().filter(one -> one.path().equals(path)).toList();
      return known.isEmpty() ? path : only(source, known);
    }
    List<Predicate<ManifestSource>> meanings =
        List.of(
            one -> one.name().equals(source),
            one -> one.bindings().containsValue(source),
            one -> Paths.name(one.path()).equals(source));
    for (Predicate<ManifestSource> meaning : meanings) {
      List<ManifestSource> found = databases().stream().filter(meaning).toList();
      if (!found.isEmpty()) {
        return only(source, found);
      }
    }
    throw new HoldfastException.NotFound(
        "there is no database '%s' in %s".formatted(OsString.display(source), snapshot),
        databases().isEmpty()
            ? "name it by its path; 'holdfast ls " + snapshot.shortId() + "' lists what there is"
            : "it has " + list(databases()));
  }

  private List<ManifestSource> databases() {
    return manifest.map(Manifest::sources).orElse(List.of()).stream()
        .filter(one -> !one.kind().equals(FILES))
        .toList();
  }

  private static String only(String source, List<ManifestSource> found) {
    if (found.size() > 1) {
      throw new HoldfastException.Rejected(
          "'%s' may be any of %d databases".formatted(OsString.display(source), found.size()),
          "name one by its path: " + list(found));
    }
    ManifestSource database = found.getFirst();
    if (database.kind().startsWith(POSTGRES)) {
      throw new HoldfastException.Unsupported(
          "'%s' is a dump of a PostgreSQL server, which answers no queries"
              .formatted(OsString.display(source)),
          "load it into a server: 'holdfast dump' and pg_restore");
    }
    return database.path();
  }

  private static String list(List<ManifestSource> databases) {
    List<String> shown = new ArrayList<>();
    for (ManifestSource one : databases.subList(0, Math.min(NAMED_MAX, databases.size()))) {
      String path = OsString.display(one.path());
      shown.add(path + (one.name().equals(one.path()) ? "" : " (" + names(one) + ")"));
    }
    int more = databases.size() - shown.size();
    return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
  }

  private static String names(ManifestSource one) {
    StringBuilder names = new StringBuilder(OsString.display(one.name()));
    for (Map.Entry<String, String> binding : one.bindings().entrySet()) {
      names
          .append(", ")
          .append(OsString.display(binding.getKey()))
          .append(' ')
          .append(OsString.display(binding.getValue()));
    }
    return names.toString();
  }
}
