package dev.holdfast.repository.write;

/// How a [RepositoryWriter] writes.
///
/// @param packSizeBytes a pack is closed when the next blob would make it longer than this
/// @param concurrentPublishes how many packs may be on their way to the store at once
public record WriterOptions(
    Compression compression, int packSizeBytes, int concurrentPublishes, WriteGate gate) {
  /// The smallest target size of packs that restic allows.
  public static final int MIN_PACK_BYTES = 4 << 20;

  /// restic's default target size of packs.
  public static final int DEFAULT_PACK_BYTES = 16 << 20;

  /// The largest target size of packs that restic allows.
  public static final int MAX_PACK_BYTES = 128 << 20;

  /// What a local disk is kept busy with; more only costs memory.
  public static final int DEFAULT_PUBLISHES = 2;

  /// Bounds the memory of packs on their way: 16 packs of the default size are 256 MiB.
  public static final int MAX_PUBLISHES = 16;

  /// What a backup uses when nothing else is asked for, with no lock to watch.
  public static final WriterOptions DEFAULT =
      new WriterOptions(Compression.AUTO, DEFAULT_PACK_BYTES, DEFAULT_PUBLISHES, WriteGate.OPEN);

  /// What packs on their way to the store may take of the memory.
  private static final long MAX_BYTES_ON_THEIR_WAY = 80L << 20;

  public WriterOptions {
    if (packSizeBytes < MIN_PACK_BYTES || packSizeBytes > MAX_PACK_BYTES) {
      throw new IllegalArgumentException("pack size of " + packSizeBytes + " bytes");
    }
    if (concurrentPublishes < 1 || concurrentPublishes > MAX_PUBLISHES) {
      throw new IllegalArgumentException(concurrentPublishes + " concurrent publishes");
    }
  }

  /// Publishes as many packs at once as a store has connections for, as far as memory allows, and
  /// one in any case.
  public WriterOptions forConnections(int connections) {
    int affordable = Math.max(1, Math.toIntExact(MAX_BYTES_ON_THEIR_WAY / packSizeBytes));
    int wanted = Math.min(Math.max(concurrentPublishes, connections), MAX_PUBLISHES);
    return new WriterOptions(compression, packSizeBytes, Math.min(wanted, affordable), gate);
  }

  public WriterOptions withCompression(Compression value) {
    return new WriterOptions(value, packSizeBytes, concurrentPublishes, gate);
  }

  public WriterOptions withPackSizeBytes(int value) {
    return new WriterOptions(compression, value, concurrentPublishes, gate);
  }

  public WriterOptions withGate(WriteGate value) {
    return new WriterOptions(compression, packSizeBytes, concurrentPublishes, value);
  }
}
