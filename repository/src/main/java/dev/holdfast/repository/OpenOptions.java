package dev.holdfast.repository;

import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.key.KeyMemory;
import java.util.Optional;

/// How a repository is opened.
///
/// @param keyHint the key to try first
/// @param memory what has been opened before; asked first, and told of what is opened
public record OpenOptions(Optional<KeyId> keyHint, Optional<KeyMemory> memory) {
  /// No hint, and nothing remembered.
  public static final OpenOptions DEFAULT = new OpenOptions(Optional.empty(), Optional.empty());
}
