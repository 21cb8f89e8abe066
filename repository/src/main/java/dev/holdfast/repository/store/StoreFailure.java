package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;

/// The failures that every store words alike.
public final class StoreFailure {
  private StoreFailure() {}

  public static NotFound missing(ObjectKey key, String location) {
    return new NotFound(
        "there is no " + key + " in " + location,
        "run 'holdfast check' to learn whether the repository is complete");
  }

  public static Corrupt tooShort(ObjectKey key, long lengthBytes, long offset, int wantedBytes) {
    return new Corrupt(
        "%s is %d bytes long, too short for the %d bytes wanted at offset %d"
            .formatted(key, lengthBytes, wantedBytes, offset));
  }

  public static Corrupt tooLong(ObjectKey key, long lengthBytes) {
    return new Corrupt(
        "%s is %d bytes long, more than the %d that a file of its kind may have"
            .formatted(key, lengthBytes, ObjectStore.MAX_GET_BYTES));
  }

  public static void requireOffset(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset + " is negative");
    }
  }
}
