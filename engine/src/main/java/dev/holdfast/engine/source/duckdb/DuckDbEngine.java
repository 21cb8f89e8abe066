package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseExport;
import dev.holdfast.engine.source.DatabaseRecovery;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// DuckDB as one of the kinds of databases that a backup recognizes. The driver is not loaded
/// before the first database is opened.
public final class DuckDbEngine implements DatabaseEngine {
  /// What the names of the files beside a database end in.
  static final List<String> SIDECARS = List.of(Place.LOG, Place.CHECKPOINT_LOG, Place.RECOVERY_LOG);

  private final DuckDbOptions options;
  private final Clock clock;
  private final Capture.Pace pace;

  public DuckDbEngine(DuckDbOptions options) {
    this(options, Clock.systemUTC());
  }

  /// @param clock says when a state was fixed
  public DuckDbEngine(DuckDbOptions options, Clock clock) {
    this(options, clock, () -> {});
  }

  DuckDbEngine(DuckDbOptions options, Clock clock, Capture.Pace pace) {
    this.options = options;
    this.clock = clock;
    this.pace = pace;
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public boolean recognizes(byte[] head, int length) {
    return FileHead.hasMagic(head, length);
  }

  @Override
  public boolean recognizes(String path) throws IOException {
    try (DataFile file = DataFile.open(path)) {
      byte[] head = new byte[HEAD_BYTES];
      return FileHead.hasMagic(head, file.readUpTo(0, head, 0, head.length));
    }
  }

  @Override
  public List<String> sidecarSuffixes() {
    return SIDECARS;
  }

  @Override
  public Content open(String path) {
    return new DuckDbSource(options, clock, pace).open(path);
  }

  @Override
  public Optional<DatabaseExport> exporting() {
    return Optional.of(new DuckDbExport(options, clock));
  }

  @Override
  public Optional<DatabaseRecovery> recovery() {
    return Optional.of(new DuckDbRecovery(options, clock));
  }

  @Override
  public Optional<String> stateMark(String path) {
    return StateMark.of(path);
  }
}
