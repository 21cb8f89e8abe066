package dev.holdfast.repository.format;

import java.time.OffsetDateTime;

/// The summary inside a snapshot file (format sheet, section 7).
final class SummaryCodec {
  private static final String[] COUNTS = {
    "files_new",
    "files_changed",
    "files_unmodified",
    "dirs_new",
    "dirs_changed",
    "dirs_unmodified",
    "data_blobs",
    "tree_blobs",
    "data_added",
    "data_added_packed",
    "total_files_processed",
    "total_bytes_processed",
  };

  private SummaryCodec() {}

  static void write(SnapshotSummary summary, GoJson out) {
    long[] counts = {
      summary.filesNew(),
      summary.filesChanged(),
      summary.filesUnmodified(),
      summary.dirsNew(),
      summary.dirsChanged(),
      summary.dirsUnmodified(),
      summary.dataBlobs(),
      summary.treeBlobs(),
      summary.dataAddedBytes(),
      summary.dataAddedPackedBytes(),
      summary.totalFilesProcessed(),
      summary.totalBytesProcessed(),
    };
    out.beginObject();
    out.name("backup_start").time(summary.backupStart());
    out.name("backup_end").time(summary.backupEnd());
    for (int i = 0; i < COUNTS.length; i++) {
      out.name(COUNTS[i]).number(counts[i]);
    }
    out.endObject();
  }

  /// Members may lack: restic 0.17 wrote fewer than rustic asked for.
  static SnapshotSummary read(JsonReader json) {
    OffsetDateTime[] times = {GoTime.ZERO, GoTime.ZERO};
    long[] counts = new long[COUNTS.length];
    json.object(name -> {
      switch (name) {
        case "backup_start" -> times[0] = json.time();
        case "backup_end" -> times[1] = json.time();
        default -> readCount(json, name, counts);
      }
    });
    return new SnapshotSummary(
        times[0],
        times[1],
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        counts[5],
        counts[6],
        counts[7],
        counts[8],
        counts[9],
        counts[10],
        counts[11]);
  }

  private static void readCount(JsonReader json, String name, long[] counts) {
    for (int i = 0; i < COUNTS.length; i++) {
      if (COUNTS[i].equals(name)) {
        counts[i] = json.number(Long.MAX_VALUE);
        return;
      }
    }
    json.skip();
  }
}
