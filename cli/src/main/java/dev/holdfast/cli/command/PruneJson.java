package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Json;
import dev.holdfast.repository.prune.PruneStatistics;

/// The numbers of a prune in restic's JSON.
final class PruneJson {
  private PruneJson() {}

  static String of(PruneStatistics numbers) {
    return Json.message("summary")
        .raw("blobs", blobs(numbers.blobs()))
        .raw("bytes", bytes(numbers.bytes()))
        .raw("packfiles", packs(numbers.packs()))
        .end();
  }

  private static String blobs(PruneStatistics.Blobs blobs) {
    return Json.object()
        .field("used", blobs.used())
        .field("duplicate", blobs.duplicate())
        .field("unused", blobs.unused())
        .field("total", blobs.total())
        .field("repack", blobs.repacked())
        .field("repack_remove", blobs.repackRemoved())
        .field("remove", blobs.removed())
        .field("remove_total", blobs.removedTotal())
        .field("remaining", blobs.remaining())
        .end();
  }

  private static String bytes(PruneStatistics.Bytes bytes) {
    return Json.object()
        .field("used", bytes.used())
        .field("duplicate", bytes.duplicate())
        .field("unused", bytes.unused())
        .field("unreferenced", bytes.unreferenced())
        .field("uncompressed", bytes.uncompressed())
        .field("total", bytes.total())
        .field("repack", bytes.repacked())
        .field("repack_remove", bytes.repackRemoved())
        .field("remove", bytes.removed())
        .field("remove_total", bytes.removedTotal())
        .field("remaining", bytes.remaining())
        .field("remaining_unused", bytes.remainingUnused())
        .end();
  }

  private static String packs(PruneStatistics.Packs packs) {
    return Json.object()
        .field("used", packs.used())
        .field("unused", packs.unused())
        .field("partly_used", packs.partlyUsed())
        .field("unreferenced", packs.unreferenced())
        .field("total", packs.total())
        .field("keep", packs.kept())
        .field("repack", packs.repacked())
        .field("remove", packs.removed())
        .field("remove_total", packs.removedTotal())
        .end();
  }
}
