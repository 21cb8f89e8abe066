package dev.holdfast.repository.restore;

import java.util.function.Predicate;

/// How a restore is done.
///
/// @param selection which entries are restored
/// @param attributes which extended attributes are restored, by name
/// @param sparse whether runs of zeros become holes in files that are created
/// @param dryRun report what would be done, change nothing
/// @param verify read every restored file again and compare it with the snapshot
/// @param durable whether everything is synced to disk on return; without it, whoever restores in
///   many small parts syncs once in the end
/// @param delete remove selected entries of restored directories that the snapshot does not have
/// @param owners whether owners and groups are restored; without it they are who runs the restore
/// @param workers how many packs are read, decoded and written at once
public record RestoreOptions(
    Overwrite overwrite,
    Selection selection,
    Predicate<String> attributes,
    boolean sparse,
    boolean dryRun,
    boolean verify,
    boolean durable,
    boolean delete,
    boolean owners,
    int workers) {
  /// One for each of two cores; a store far away wants more.
  public static final int DEFAULT_WORKERS = 2;

  /// Bounds memory: each worker may hold a request of [ContentRestorer#MAX_TASK_BYTES].
  public static final int MAX_WORKERS = 16;

  /// Everything, always, with owners.
  public static final RestoreOptions DEFAULT =
      new RestoreOptions(
          Overwrite.ALWAYS,
          Selection.ALL,
          name -> true,
          false,
          false,
          false,
          true,
          false,
          true,
          DEFAULT_WORKERS);

  public RestoreOptions {
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException(workers + " workers");
    }
    if (dryRun && verify) {
      throw new IllegalArgumentException("a dry run writes nothing that could be verified");
    }
  }

  public RestoreOptions withOverwrite(Overwrite value) {
    return new RestoreOptions(
        value, selection, attributes, sparse, dryRun, verify, durable, delete, owners, workers);
  }

  public RestoreOptions withSelection(Selection value) {
    return new RestoreOptions(
        overwrite, value, attributes, sparse, dryRun, verify, durable, delete, owners, workers);
  }

  public RestoreOptions withAttributes(Predicate<String> value) {
    return new RestoreOptions(
        overwrite, selection, value, sparse, dryRun, verify, durable, delete, owners, workers);
  }

  public RestoreOptions withSparse(boolean value) {
    return new RestoreOptions(
        overwrite, selection, attributes, value, dryRun, verify, durable, delete, owners, workers);
  }

  public RestoreOptions withDryRun(boolean value) {
    return new RestoreOptions(
        overwrite, selection, attributes, sparse, value, verify, durable, delete, owners, workers);
  }

  public RestoreOptions withVerify(boolean value) {
    return new RestoreOptions(
        overwrite, selection, attributes, sparse, dryRun, value, durable, delete, owners, workers);
  }

  public RestoreOptions withDurable(boolean value) {
    return new RestoreOptions(
        overwrite, selection, attributes, sparse, dryRun, verify, value, delete, owners, workers);
  }

  public RestoreOptions withDelete(boolean value) {
    return new RestoreOptions(
        overwrite, selection, attributes, sparse, dryRun, verify, durable, value, owners, workers);
  }

  public RestoreOptions withOwners(boolean value) {
    return new RestoreOptions(
        overwrite, selection, attributes, sparse, dryRun, verify, durable, delete, value, workers);
  }

  public RestoreOptions withWorkers(int value) {
    return new RestoreOptions(
        overwrite, selection, attributes, sparse, dryRun, verify, durable, delete, owners, value);
  }
}
