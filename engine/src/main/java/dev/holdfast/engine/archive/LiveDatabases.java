package dev.holdfast.engine.archive;

import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which of the files of an application are databases that have a portable form of their own. Not
/// thread-safe.
public final class LiveDatabases {
  private final List<DatabaseEngine> engines;
  private final List<DatabaseExports.Live> found = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();

  public LiveDatabases(List<DatabaseEngine> engines) {
    this.engines = List.copyOf(engines);
  }

  /// Those that are exported.
  public List<DatabaseExports.Live> found() {
    return found;
  }

  /// What an export does not have.
  public List<String> passedOver() {
    return passedOver;
  }

  /// Looks at a file, or at a folder with all that is in it.
  ///
  /// @param name what it is called
  public void add(String name, String path, Map<String, String> bindings, boolean folder) {
    try {
      if (!folder) {
        file(name, path, bindings);
        return;
      }
      int before = found.size();
      try (Stream<Path> files = Files.walk(Path.of(path))) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
          engineOf(file.toString())
              .forEach(engine ->
                  found.add(
                      new DatabaseExports.Live(
                          engine, file.toString(), file.toString(), bindings)));
        }
      }
      if (found.size() == before) {
        passedOver.add(path);
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "'" + path + "' cannot be read: " + Reason.of(e), "", e);
    }
  }

  private void file(String name, String path, Map<String, String> bindings) throws IOException {
    List<DatabaseEngine> engine = engineOf(path);
    if (engine.isEmpty()) {
      passedOver.add(path);
    } else {
      found.add(new DatabaseExports.Live(engine.getFirst(), name, path, bindings));
    }
  }

  private List<DatabaseEngine> engineOf(String path) throws IOException {
    for (DatabaseEngine engine : engines) {
      if (engine.exporting().isPresent() && engine.recognizes(path)) {
        return List.of(engine);
      }
    }
    return List.of();
  }
}
