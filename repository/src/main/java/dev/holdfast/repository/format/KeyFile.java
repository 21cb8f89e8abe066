package dev.holdfast.repository.format;

import java.time.OffsetDateTime;
import java.util.Base64;

/// A key file: the master key wrapped by a password (format sheet, section 2).
///
/// @param created [GoTime#ZERO] if unknown, as is the case in files of some other writers
/// @param username who made the key, may be empty
/// @param hostname where the key was made, may be empty
/// @param n scrypt's cost
/// @param r scrypt's block size
/// @param p scrypt's number of lanes
/// @param saltBase64 scrypt's salt
/// @param dataBase64 the sealed master key
public record KeyFile(
    OffsetDateTime created,
    String username,
    String hostname,
    int n,
    int r,
    int p,
    String saltBase64,
    String dataBase64) {

  /// A key file with the salt and the sealed key as bytes.
  public static KeyFile of(
      OffsetDateTime created,
      String username,
      String hostname,
      int n,
      int r,
      int p,
      byte[] salt,
      byte[] data) {
    Base64.Encoder base64 = Base64.getEncoder();
    return new KeyFile(
        created,
        username,
        hostname,
        n,
        r,
        p,
        base64.encodeToString(salt),
        base64.encodeToString(data));
  }

  /// scrypt's salt.
  public byte[] salt() {
    return Base64.getDecoder().decode(saltBase64);
  }

  /// The sealed master key.
  public byte[] data() {
    return Base64.getDecoder().decode(dataBase64);
  }
}
