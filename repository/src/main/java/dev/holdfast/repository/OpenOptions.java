package dev.holdfast.repository;

import dev.holdfast.repository.format.KeyId;
import java.util.Optional;

/// How a repository is opened.
///
/// @param keyHint the key to try first
public record OpenOptions(Optional<KeyId> keyHint) {
  /// No hint.
  public static final OpenOptions DEFAULT = new OpenOptions(Optional.empty());
}
