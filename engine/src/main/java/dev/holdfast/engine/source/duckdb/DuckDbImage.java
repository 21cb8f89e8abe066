package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.SourceFacts;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A database as a power cut would have left it: a copy of the file, and of its logs as companions.
/// Reads may run in parallel.
final class DuckDbImage implements Content {
  private final DataFile copy;
  private final long lengthBytes;
  private final Cutting cutting;
  private final CapturedLogs logs;
  private final SourceFacts facts;

  DuckDbImage(
      DataFile copy, long lengthBytes, Cutting cutting, CapturedLogs logs, SourceFacts facts) {
    this.copy = copy;
    this.lengthBytes = lengthBytes;
    this.cutting = cutting;
    this.logs = logs;
    this.facts = facts;
  }

  /// The copy of the file.
  DataFile copy() {
    return copy;
  }

  /// The copies of the logs.
  List<CapturedLogs.Copy> logs() {
    return logs.copies();
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public Cutting cutting() {
    return cutting;
  }

  @Override
  public Claim claim() {
    return Claim.CRASH_CONSISTENT;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    if (position < 0 || length > lengthBytes - position) {
      throw new EOFException(
          "read of %d bytes at %d of an image of %d".formatted(length, position, lengthBytes));
    }
    copy.read(position, target, offset, length);
  }

  @Override
  public Optional<SourceFacts> facts() {
    return Optional.of(facts);
  }

  @Override
  public List<Companion> companions() {
    return logs.copies().stream()
        .map(log -> new Companion(log.suffix(), new LogContent(log.file(), log.lengthBytes())))
        .toList();
  }

  @Override
  public void close() {
    copy.close();
    logs.close();
  }

  /// The committed part of a log. It only grows until a checkpoint, so equal pieces from the start
  /// are found again. Closed with the image.
  private record LogContent(DataFile file, long lengthBytes) implements Content {
    @Override
    public Cutting cutting() {
      return new Cutting.Extents(Cuts.LOG_BYTES);
    }

    @Override
    public Claim claim() {
      return Claim.CRASH_CONSISTENT;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      file.read(position, target, offset, length);
    }

    @Override
    public void close() {}
  }
}
