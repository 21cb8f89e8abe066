package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens databases as images: copies, checks, and says what was found.
final class DuckDbSource {

  private final DuckDbOptions options;
  private final Clock clock;
  private final Capture.Pace pace;

  DuckDbSource(DuckDbOptions options, Clock clock, Capture.Pace pace) {
    this.options = options;
    this.clock = clock;
    this.pace = pace;
  }

  /// The database at `path` as it is now, to be closed by the caller.
  DuckDbImage open(String path) {
    try (DataFile live = DataFile.open(path)) {
      Place place = Place.of(path, live);
      List<String> scratch = place.scratchDirectories(options.scratchDirectories());
      DataFile copy = DataFile.unnamed(path, scratch, live.stat().sizeBytes());
      boolean opened = false;
      try {
        Bound bound = new Bound(place, options);
        DuckDbImage image = image(new CopyJob(place, live, copy, scratch, bound, clock));
        opened = true;
        return image;
      } finally {
        if (!opened) {
          copy.close();
        }
      }
    } catch (IOException e) {
      throw Failures.io(path, e);
    }
  }

  private DuckDbImage image(CopyJob job) throws IOException {
    FileHead head = head(job);
    if (head.isTooOld()) {
      throw Failures.tooOld(job.place(), head);
    }
    if (head.isEncrypted()) {
      return unverified(job, head, Failures.encrypted(job.place()));
    }
    if (head.isTooNew()) {
      return unverified(job, head, Failures.tooNew(job.place(), head));
    }
    try {
      return verified(job);
    } catch (HoldfastException.Unsupported e) {
      return unverified(job, head, e);
    }
  }

  private static FileHead head(CopyJob job) throws IOException {
    Stillness stillness = new Stillness();
    while (true) {
      byte[] bytes = new byte[FileHead.BYTES];
      int length = job.live().readUpTo(0, bytes, 0, bytes.length);
      try {
        return FileHead.parse(bytes, length);
      } catch (MalformedException e) {
        if (stillness.isReachedWith(bytes)) {
          throw Failures.damaged(job.place(), "it " + e.getMessage());
        }
      }
      job.bound().pause();
    }
  }

  /// Copies a database that is understood, and opens the copy to see that it is whole.
  private DuckDbImage verified(CopyJob job) throws IOException {
    DriverLibrary.loadAhead(options);
    Capture.Captured captured = new Capture(job, pace).run();
    boolean good = false;
    try {
      List<String> warnings = new ArrayList<>();
      ImageCheck.Found found = check(job, captured, warnings);
      SourceFacts facts =
          new SourceFacts(
              captured.head().library(),
              captured.instant(),
              found.tables(),
              Optional.of(found.schemaFingerprint()),
              properties(captured),
              warnings);
      good = true;
      return new DuckDbImage(
          job.copy(),
          captured.lengthBytes(),
          Cuts.of(captured.lengthBytes()),
          captured.logs(),
          facts);
    } finally {
      if (!good) {
        captured.logs().close();
      }
    }
  }

  private ImageCheck.Found check(CopyJob job, Capture.Captured captured, List<String> warnings)
      throws IOException {
    List<Integer> wrong = captured.wrongBlocks();
    ImageCheck.Found found =
        new ImageCheck(job.place(), options)
            .run(job.copy(), captured.logs().copies(), !wrong.isEmpty());
    if (!wrong.isEmpty()) {
      warnings.add(
          "database %s has wrong checksums in blocks %s, which no table needs"
              .formatted(job.place().shown(), wrong));
    }
    return found;
  }

  private static Map<String, String> properties(Capture.Captured captured) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(SourceFacts.STORAGE_VERSION, Long.toString(captured.head().storageVersion()));
    properties.put("block size", Integer.toString(captured.header().blockBytes()));
    properties.put("blocks", Long.toString(captured.header().blocksIn(captured.lengthBytes())));
    properties.put("free blocks", Integer.toString(captured.freeBlocks()));
    properties.put("checkpoint", Long.toString(captured.header().iteration()));
    long logBytes =
        captured.logs().copies().stream().mapToLong(CapturedLogs.Copy::lengthBytes).sum();
    properties.put("log bytes", Long.toString(logBytes));
    return properties;
  }

  /// Copies a database that cannot be checked, if that is wanted.
  ///
  /// @param reason why it cannot
  private DuckDbImage unverified(CopyJob job, FileHead head, HoldfastException reason)
      throws IOException {
    return switch (options.unverifiable()) {
      case REFUSE -> throw reason;
      case STORE -> stored(job, head, reason);
    };
  }

  private static DuckDbImage stored(CopyJob job, FileHead head, HoldfastException reason)
      throws IOException {
    StillCopy.Copied copied = new StillCopy(job).run();
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(SourceFacts.STORAGE_VERSION, Long.toString(head.storageVersion()));
    properties.put(SourceFacts.UNVERIFIED, String.valueOf(reason.getMessage()));
    SourceFacts facts =
        new SourceFacts(
            head.library(),
            copied.instant(),
            List.of(),
            Optional.empty(),
            properties,
            List.of(reason.getMessage() + "; it is stored unverified, as it was found"));
    return new DuckDbImage(
        job.copy(), copied.lengthBytes(), Cuts.of(copied.lengthBytes()), copied.logs(), facts);
  }
}
