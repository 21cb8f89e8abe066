package dev.holdfast.repository.restore;

/// What a restore did.
///
/// @param items entries that were restored, directories included
/// @param unchanged entries that were left as they are because of [Overwrite]
/// @param deleted entries that were removed
/// @param bytes content of the restored files
/// @param unchangedBytes content of the files that were left as they are
/// @param verifiedFiles files that were read again
/// @param errors findings of that severity; the restore is incomplete unless zero
/// @param warnings findings of that severity
/// @param ownersNotSet entries whose owner could not be set for want of privilege
public record RestoreResult(
    long items,
    long unchanged,
    long deleted,
    long bytes,
    long unchangedBytes,
    long verifiedFiles,
    long errors,
    long warnings,
    long ownersNotSet) {
  /// Whether nothing was found that was to be restored.
  public boolean isUntouched() {
    return items + unchanged + deleted + errors + warnings == 0;
  }

  /// Whether everything that was asked for is there.
  public boolean isComplete() {
    return errors == 0;
  }
}
