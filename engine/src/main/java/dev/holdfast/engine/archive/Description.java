package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.repository.error.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a tar archive says of itself in `.holdfast/archive.json`, its first entry: which snapshot
/// it was made of, and where what is in it lay.
///
/// @param time of the snapshot
/// @param app empty if the snapshot is of paths
/// @param roots where each part lay
record Description(
    String program,
    String snapshot,
    Instant time,
    String host,
    Optional<String> app,
    List<Root> roots) {
  /// Version of the form that is written, and the newest that is read.
  static final int FORMAT = 1;

  static final String NAME = Manifest.DIRECTORY + "/archive.json";
  static final String MANIFEST_NAME = Manifest.DIRECTORY + "/" + Manifest.FILE;
  static final String CHECKSUMS_NAME = Manifest.DIRECTORY + "/SHA256SUMS";

  private static final JsonOrigin ORIGIN = Refusal.origin("'" + NAME + "' of the archive");

  Description {
    roots = List.copyOf(roots);
  }

  /// A part of the archive.
  ///
  /// @param name in the archive; empty: everything that is in no other part
  /// @param path in the snapshot
  /// @param folder whether it is a folder
  record Root(String name, String path, boolean folder) {
    /// The name in the archive of what lay at `path`, which is the root's or below it.
    String nameOf(String at) {
      String below = at.substring(path.equals("/") ? 0 : path.length());
      return name.isEmpty() ? below.substring(1) : name + below;
    }
  }

  byte[] encode() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("program", program);
    json.put("snapshot", snapshot);
    json.put("time", time.toString());
    json.put("host", host);
    app.ifPresent(name -> json.put("app", name));
    json.put(
        "roots",
        roots.stream()
            .map(root -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("name", root.name());
              one.put("path", root.path());
              one.put("folder", root.folder());
              return one;
            })
            .toList());
    return JsonTree.file(json);
  }

  /// @throws HoldfastException.Corrupt if it is none
  /// @throws HoldfastException.Unsupported if it is of a later version
  static Description decode(byte[] bytes) {
    JsonFields json = JsonTree.read(ORIGIN, bytes);
    if (json.number("format") > FORMAT) {
      throw new HoldfastException.Unsupported(
          "the archive has version %d of its description, and this program knows %d"
              .formatted(json.number("format"), FORMAT),
          "use a newer Holdfast");
    }
    List<Root> roots =
        json.objects("roots").stream()
            .map(root ->
                new Root(
                    root.text("name"),
                    root.text("path"),
                    root.has("folder") && root.truth("folder")))
            .toList();
    return new Description(
        json.text("program"),
        json.text("snapshot"),
        instant("time", json.text("time")),
        json.text("host"),
        json.optional("app"),
        roots);
  }

  private static Instant instant(String field, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw ORIGIN.damaged("'" + field + "' is no time");
    }
  }
}
