package dev.holdfast.engine.drill;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.recover.SnapshotDump;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.UnnamedFile;
import dev.holdfast.engine.source.postgres.DumpHead;
import dev.holdfast.engine.source.postgres.ScratchDatabases;
import dev.holdfast.engine.source.postgres.SeekableDump;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Databases of a server, for one drill: made of their dumps, asked, and gone when it is closed.
/// One thread at a time.
final class ServerRehearsal implements AutoCloseable {
  private static final String CLUSTER = "cluster";
  private final Path folder;
  private final ScratchDatabases databases;
  private final Map<ManifestSource, Loaded> loaded = new LinkedHashMap<>();

  private record Loaded(String name, DumpHead head, List<TableRows> rows) {}

  private ServerRehearsal(Path folder, ScratchDatabases databases) {
    this.folder = folder;
    this.databases = databases;
  }

  /// Begins to use a server.
  ///
  /// @param id of the drill
  /// @param folder of the drill
  /// @param dumps what will be loaded
  static ServerRehearsal open(
      DrillServer server,
      String id,
      Path folder,
      List<ManifestSource> dumps,
      DrillObserver observer) {
    return new ServerRehearsal(
        folder,
        server
            .shared()
            .map(shared ->
                ScratchDatabases.onShared(shared, server.environment(), id, observer::notice))
            .orElseGet(() ->
                ScratchDatabases.onOwn(
                    cluster(folder),
                    dumps.stream().map(ManifestSource::facts).toList(),
                    server.environment())));
  }

  /// About what it takes up in the folder of the drill: the largest dump, one of which is there at
  /// a time, and the databases, if their server is the drill's own.
  static long bytes(DrillServer server, List<ManifestSource> dumps) {
    if (dumps.isEmpty()) {
      return 0;
    }
    long dump =
        UnnamedFile.neededBytes(
            dumps.stream().mapToLong(ManifestSource::bytes).max().orElseThrow());
    List<Long> sizes =
        dumps.stream()
            .map(source -> ScratchDatabases.bytesOf(source.bytes(), Optional.of(source.facts())))
            .toList();
    return server.shared().isPresent() ? dump : dump + ScratchDatabases.bytesOnOwn(sizes);
  }

  /// Where a drill has its own server.
  static Path cluster(Path folder) {
    return folder.resolve(CLUSTER);
  }

  /// Makes a database of a dump.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if it cannot be
  void load(ManifestSource source, SnapshotDump dump) {
    try (SeekableDump file = dump.fetch(List.of(folder.toString()), Step.STAGE)) {
      List<TableRows> rows = dump.rows(file, Optional.of(source.facts()));
      String live = source.bindings().getOrDefault(Manifest.DATABASE_BINDING, "");
      String name = databases.load(live, file, Optional.of(source.facts()));
      loaded.put(source, new Loaded(name, file.head(), rows));
    }
  }

  /// Compares it with its dump, which was compared with the manifest.
  ///
  /// @return what was proven, a phrase
  /// @throws dev.holdfast.repository.error.HoldfastException if it is not the same
  String verify(ManifestSource source) {
    Loaded it = of(source);
    return databases.check(it.name(), it.head(), it.rows(), Optional.of(source.facts()));
  }

  /// The first value that a query has for an answer.
  String ask(ManifestSource source, String query) {
    return databases.ask(of(source).name(), query);
  }

  private Loaded of(ManifestSource source) {
    Loaded it = loaded.get(source);
    if (it == null) {
      throw new IllegalStateException(source.path() + " was not loaded");
    }
    return it;
  }

  /// An environment with what a command needs to reach the databases: the variables of libpq, but
  /// for a password, and which database of the app is called what, a line each.
  Map<String, String> in(Map<String, String> environment) {
    Map<String, String> variables = databases.in(environment);
    loaded.values().stream().findFirst().ifPresent(it -> variables.put("PGDATABASE", it.name()));
    variables.put(
        "HOLDFAST_DRILL_DATABASES",
        loaded.entrySet().stream()
            .map(each ->
                each.getKey().bindings().getOrDefault(Manifest.DATABASE_BINDING, "")
                    + "="
                    + each.getValue().name())
            .collect(Collectors.joining("\n")));
    return variables;
  }

  @Override
  public void close() {
    databases.close();
  }
}
