package dev.holdfast.repository.lock;

/// What a lock keeps others from.
public enum LockMode {
  /// Others may read and add; nobody may remove. For backup, restore and all that looks.
  SHARED,
  /// Nobody else may use the repository. For all that removes or replaces.
  EXCLUSIVE
}
