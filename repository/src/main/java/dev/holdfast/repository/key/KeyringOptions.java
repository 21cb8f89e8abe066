package dev.holdfast.repository.key;

import dev.holdfast.repository.crypto.ScryptParameters;

/// What new keys look like.
///
/// @param hostname recorded in new keys
/// @param username recorded in new keys
/// @param scrypt cost of new keys
/// @param emptyPasswordAllowed whether a password may be empty
public record KeyringOptions(
    String hostname, String username, ScryptParameters scrypt, boolean emptyPasswordAllowed) {
  /// The usual cost, and no empty password.
  public static KeyringOptions of(String hostname, String username) {
    return new KeyringOptions(hostname, username, ScryptParameters.DEFAULT, false);
  }
}
