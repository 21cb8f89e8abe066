package dev.holdfast.repository.key;

import dev.holdfast.repository.format.KeyFile;
import dev.holdfast.repository.format.KeyId;

/// A key file of the repository.
public record StoredKey(KeyId id, KeyFile file) {}
