package dev.holdfast.repository.crypto;

import dev.holdfast.repository.error.HoldfastException.Unsupported;

/// The key that a password stands for: it seals the master key in a key file, and nothing else.
public final class UserKey {
  /// Length of the salt: restic refuses any other.
  public static final int SALT_BYTES = 64;

  private UserKey() {}

  /// Derives the key (format sheet, section 2). Takes a good part of a second. The password is not
  /// kept; the caller wipes it, and closes the key.
  ///
  /// @throws Unsupported if the salt has a length that restic does not take
  public static MasterKey derive(byte[] password, byte[] salt, ScryptParameters parameters) {
    if (salt.length != SALT_BYTES) {
      throw new Unsupported(
          "salt of the key has " + salt.length + " bytes", "restic takes " + SALT_BYTES + " only");
    }
    return new MasterKey(
        ChosenPrimitives.PRIMITIVES.scrypt(password, salt, parameters, MasterKey.BYTES));
  }
}
