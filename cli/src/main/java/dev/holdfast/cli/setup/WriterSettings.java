package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.write.Compression;
import dev.holdfast.repository.write.WriterOptions;
import java.util.Optional;

/// How blobs are written: options, then the environment, then the configuration.
final class WriterSettings {
  private static final int MIB = 1 << 20;

  private WriterSettings() {}

  static WriterOptions of(
      GlobalOptions globals, Environment environment, Optional<RepositorySettings> configured) {
    WriterOptions options = WriterOptions.DEFAULT;
    String mode = globals.compression;
    if (mode == null) {
      mode =
          environment
              .setting("COMPRESSION")
              .or(() -> configured.flatMap(RepositorySettings::compression))
              .orElse("auto");
    }
    options = options.withCompression(compression(mode));
    String size = globals.packSize;
    if (size == null) {
      size =
          environment
              .setting("PACK_SIZE")
              .orElseGet(() ->
                  String.valueOf(configured.map(its -> its.packSizeMib().orElse(0)).orElse(0)));
    }
    int bytes = packBytes(size);
    return bytes == 0 ? options : options.withPackSizeBytes(bytes);
  }

  private static Compression compression(String mode) {
    return switch (mode) {
      case "off" -> Compression.OFF;
      case "auto", "fastest" -> Compression.AUTO;
      case "better", "max" -> Compression.MAX;
      default ->
          throw new HoldfastException.Rejected(
              "there is no compression mode '" + mode + "'",
              "the modes are auto, off, fastest, better and max");
    };
  }

  private static int packBytes(String mebibytes) {
    int smallest = WriterOptions.MIN_PACK_BYTES / MIB;
    int largest = WriterOptions.MAX_PACK_BYTES / MIB;
    try {
      int size = Integer.parseInt(mebibytes);
      if (size == 0 || (size >= smallest && size <= largest)) {
        return size * MIB;
      }
    } catch (NumberFormatException e) {
      // Said below, with the bounds.
    }
    throw new HoldfastException.Rejected(
        "'" + mebibytes + "' is not a pack size",
        "give a number of MiB from %d to %d".formatted(smallest, largest));
  }
}
