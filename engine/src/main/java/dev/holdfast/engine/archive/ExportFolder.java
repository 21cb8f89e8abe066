package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.write.Digesting;
import dev.holdfast.engine.archive.write.NewFile;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What a folder with one exported database says of itself, in `holdfast.json`.
///
/// @param instant that the database shows
/// @param name what the database is called
/// @param path where it lay
/// @param bindings what the names in its pattern stand for
/// @param set the folders of all databases that were exported together, below the common one
/// @param files name and SHA-256 of everything else in the folder
record ExportFolder(
    String program,
    Instant instant,
    String name,
    String path,
    Map<String, String> bindings,
    SourceFacts facts,
    List<String> set,
    Map<String, String> files) {
  static final String NAME = "holdfast.json";
  static final int FORMAT = 1;

  ExportFolder {
    bindings = Map.copyOf(bindings);
    set = List.copyOf(set);
  }

  /// Takes the checksums of all files of a folder, and makes them durable.
  static Map<String, String> checksums(Path folder) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().toList();
    }
    for (Path file : files) {
      try (Digesting digest = new Digesting(OutputStream.nullOutputStream());
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        Files.copy(file, digest);
        sums.put(String.valueOf(file.getFileName()), digest.end());
        channel.force(true);
      }
    }
    return sums;
  }

  void write(Path folder) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("program", program);
    json.put("instant", instant.toString());
    json.put("name", name);
    json.put("path", path);
    json.put("bindings", bindings);
    json.put("engine_version", facts.engineVersion());
    facts.schemaFingerprint().ifPresent(schema -> json.put("schema", schema));
    List<Map<String, Object>> tables = new ArrayList<>();
    for (TableRows table : facts.tables()) {
      tables.add(Map.of("name", table.name(), "rows", table.rows()));
    }
    json.put("tables", tables);
    json.put("set", set);
    json.put("files", files);
    try (NewFile file = NewFile.begin(folder.resolve(NAME), false)) {
      file.stream().write(JsonTree.file(json));
      file.publish();
    }
  }

  /// Reads it; empty if there is none, as in folders that another program exported to.
  ///
  /// @throws HoldfastException.Corrupt if it is broken
  static Optional<Stored> read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    JsonOrigin origin = Refusal.origin("'" + file + "'");
    if (Files.size(file) > JsonTree.BYTES_MAX) {
      throw origin.damaged("it is too long");
    }
    JsonFields json = JsonTree.read(origin, Files.readAllBytes(file));
    if (json.number("format") > FORMAT) {
      throw new HoldfastException.Unsupported(
          "'" + file + "' is of a later version", "use a newer Holdfast");
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    json.objects("tables").forEach(table -> rows.put(table.text("name"), table.number("rows")));
    return Optional.of(
        new Stored(
            json.text("name"),
            json.text("path"),
            json.textMap("bindings"),
            rows,
            json.texts("set"),
            json.textMap("files")));
  }

  /// What was read of it.
  record Stored(
      String name,
      String path,
      Map<String, String> bindings,
      Map<String, Long> rows,
      List<String> set,
      Map<String, String> files) {}
}
