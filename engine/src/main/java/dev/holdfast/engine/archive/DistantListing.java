package dev.holdfast.engine.archive;

import dev.holdfast.repository.store.DistantFolder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What exports are in a distant folder, told by the names of their files. Names that are not ours
/// are left out.
///
/// @param runs by their timestamps
record DistantListing(Map<String, Run> runs) {
  private static final String TIMESTAMP = "(" + ExportTarget.TIMESTAMP.pattern() + ")";
  private static final Pattern FILE =
      Pattern.compile(
          "(%s|%s/[^/]+)/%s/([^/]+)"
              .formatted(ExportTarget.SHARED, ExportTarget.TENANTS, TIMESTAMP));
  private static final Pattern SIGN = Pattern.compile("\\." + TIMESTAMP + "\\.partial");

  /// What was exported at one time.
  ///
  /// @param places the files of each database, by the folder that it is in
  /// @param sign since when a run is under way; empty if none is
  record Run(
      String timestamp, Map<String, List<DistantFolder.Entry>> places, Optional<Instant> sign) {
    Stream<String> names() {
      return files().stream().map(DistantFolder.Entry::name);
    }

    List<DistantFolder.Entry> files() {
      return places.values().stream().flatMap(List::stream).toList();
    }

    /// Whether any folder says that it is of our making.
    boolean isOurs() {
      return names().anyMatch(name -> name.endsWith("/" + ExportFolder.NAME));
    }

    /// Whether a folder has a file of that name.
    boolean has(String place, String name) {
      String path = path(place, name);
      return places.getOrDefault(place, List.of()).stream()
          .anyMatch(file -> file.name().equals(path));
    }

    String path(String place, String name) {
      return place + "/" + timestamp + "/" + name;
    }

    Size size() {
      List<DistantFolder.Entry> files = files();
      return new Size(
          files.size(), files.stream().mapToLong(DistantFolder.Entry::lengthBytes).sum());
    }

    private Run with(Instant since) {
      return new Run(timestamp, places, Optional.of(since));
    }
  }

  record Size(long files, long bytes) {}

  /// The name of the sign that a run is under way.
  static String sign(String timestamp) {
    return "." + timestamp + ".partial";
  }

  static DistantListing of(DistantFolder folder) {
    Map<String, Run> runs = new TreeMap<>();
    folder.list(
        ".",
        file -> {
          Matcher sign = SIGN.matcher(file.name());
          if (sign.matches()) {
            runs.put(sign.group(1), run(runs, sign.group(1)).with(file.changed()));
          }
        });
    for (String part : List.of(ExportTarget.SHARED, ExportTarget.TENANTS)) {
      folder.list(
          part + "/",
          file -> {
            Matcher its = FILE.matcher(file.name());
            if (its.matches() && isName(its.group(1)) && isName(its.group(3))) {
              Run run = run(runs, its.group(2));
              run.places().computeIfAbsent(its.group(1), _ -> new ArrayList<>()).add(file);
              runs.put(its.group(2), run);
            }
          });
    }
    return new DistantListing(runs);
  }

  private static Run run(Map<String, Run> runs, String timestamp) {
    return runs.getOrDefault(timestamp, new Run(timestamp, new TreeMap<>(), Optional.empty()));
  }

  /// Whether it can be made a name on this machine without leading anywhere else.
  private static boolean isName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return !name.equals(".") && !name.equals("..") && name.indexOf('\0') < 0;
  }
}
