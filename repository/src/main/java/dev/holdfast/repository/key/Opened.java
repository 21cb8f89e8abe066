package dev.holdfast.repository.key;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.format.KeyId;

/// The master key, and the key file that a password opened it with. The owner closes the master
/// key.
public record Opened(MasterKey masterKey, KeyId keyId) {}
