package dev.holdfast.cli.command;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.prune.MaxUnused;
import dev.holdfast.repository.prune.PruneOptions;
import dev.holdfast.repository.write.Compression;
import dev.holdfast.repository.write.WriterOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much a prune may leave and may do, for `prune` and `forget --prune`.
final class PruneLimitOptions {
  @Option(
      names = "--max-unused",
      paramLabel = "LIMIT",
      description =
          "unused data that may stay: a size, a share as 5%%, or unlimited (default: 5%%)")
  String maxUnused = "5%";

  @Option(
      names = "--max-repack-size",
      paramLabel = "SIZE",
      description = "repack no more than this in one run")
  @Nullable String maxRepackSize;

  @Option(names = "--repack-cacheable-only", description = "repack only packs of trees")
  boolean cacheableOnly;

  @Option(
      names = "--repack-small",
      description = "merge all packs below 80%% of the pack size, not only unusually small ones")
  boolean repackSmall;

  @Option(
      names = "--repack-smaller-than",
      paramLabel = "SIZE",
      description = "merge packs below this size")
  @Nullable String repackSmallerThan;

  @Option(names = "--repack-uncompressed", description = "compress everything that is not yet")
  boolean repackUncompressed;

  /// What was asked for.
  ///
  /// @throws HoldfastException.Rejected if that is not possible
  PruneOptions options(WriterOptions writing) {
    PruneOptions options =
        PruneOptions.DEFAULT
            .withMaxUnused(maxUnused(maxUnused.strip()))
            .withCacheableOnly(cacheableOnly)
            .withRepackUncompressed(repackUncompressed);
    if (maxRepackSize != null) {
      options = options.withMaxRepackBytes(ByteSize.parse("--max-repack-size", maxRepackSize));
    }
    if (repackUncompressed && writing.compression() == Compression.OFF) {
      throw new HoldfastException.Rejected(
          "--repack-uncompressed and --compression off contradict each other", "give one of them");
    }
    return options.withSmallPackBytes(smallPackBytes(writing));
  }

  private long smallPackBytes(WriterOptions writing) {
    if (repackSmallerThan == null) {
      return repackSmall ? writing.packSizeBytes() / 5L * 4 : 0;
    }
    long bytes = ByteSize.parse("--repack-smaller-than", repackSmallerThan);
    if (bytes == 0 || bytes > writing.packSizeBytes()) {
      throw new HoldfastException.Rejected(
          "--repack-smaller-than %s is not between zero and the size of packs"
              .formatted(repackSmallerThan),
          "give at most " + (writing.packSizeBytes() >> 20) + "M, or a larger --pack-size");
    }
    return bytes;
  }

  private static MaxUnused maxUnused(String text) {
    if (text.equals("unlimited")) {
      return new MaxUnused.Unlimited();
    }
    if (!text.endsWith("%")) {
      return new MaxUnused.Bytes(ByteSize.parse("--max-unused", text));
    }
    try {
      return new MaxUnused.Share(Double.parseDouble(text.substring(0, text.length() - 1)));
    } catch (NumberFormatException e) {
      throw new HoldfastException.Rejected(
          "'" + text + "' is not a limit for --max-unused", "give it like 5%, 500M or unlimited");
    }
  }
}
