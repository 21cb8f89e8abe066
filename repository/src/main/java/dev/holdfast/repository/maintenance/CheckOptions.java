package dev.holdfast.repository.maintenance;

/// How much a check does.
///
/// @param readData which packs are read as a whole
/// @param countUnused whether blobs that no snapshot needs are counted
/// @param workers threads that read packs and trees
public record CheckOptions(ReadData readData, boolean countUnused, int workers) {
  /// One for each of two cores.
  public static final int DEFAULT_WORKERS = 2;

  /// Bounds memory: each worker holds a window of a pack ([PackVerifier#WINDOW_BYTES]) and a blob.
  public static final int MAX_WORKERS = 16;

  /// Structure only.
  public static final CheckOptions DEFAULT =
      new CheckOptions(new ReadData.None(), false, DEFAULT_WORKERS);

  public CheckOptions {
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException(workers + " workers");
    }
  }

  public CheckOptions withReadData(ReadData value) {
    return new CheckOptions(value, countUnused, workers);
  }

  public CheckOptions withCountUnused(boolean value) {
    return new CheckOptions(readData, value, workers);
  }

  public CheckOptions withWorkers(int value) {
    return new CheckOptions(readData, countUnused, value);
  }
}
