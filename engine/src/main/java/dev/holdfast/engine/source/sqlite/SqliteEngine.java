package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// SQLite as one of the kinds of databases that a backup recognizes.
public final class SqliteEngine implements DatabaseEngine {
  private final SqliteOptions options;

  public SqliteEngine(SqliteOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public boolean recognizes(byte[] head, int length) {
    return SqliteDetector.classify(head, length).isDatabase();
  }

  @Override
  public boolean recognizes(String path) throws IOException {
    return SqliteDetector.detect(path).isDatabase();
  }

  @Override
  public List<String> sidecarSuffixes() {
    return Sidecars.SUFFIXES;
  }

  @Override
  public boolean wouldBeTakenIn(String sidecar) throws IOException {
    return DatabaseEngine.super.wouldBeTakenIn(sidecar) && Sidecars.holdsState(sidecar);
  }

  @Override
  public Content open(String path) {
    return SqliteSource.open(path, options);
  }

  @Override
  public List<Content> openTogether(List<String> paths) {
    return List.copyOf(SqliteSource.openAll(paths, options));
  }

  @Override
  public boolean fixesOneInstant() {
    return true;
  }

  @Override
  public Optional<String> stateMark(String path) {
    return StateMark.of(path, options.clock());
  }

  @Override
  public Optional<DatabaseRecovery> recovery() {
    return Optional.of(new SqliteRecovery(options));
  }
}
