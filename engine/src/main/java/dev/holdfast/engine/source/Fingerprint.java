package dev.holdfast.engine.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Makes a schema fingerprint of texts in their order: SHA-256 over each in UTF-8 with a zero byte
/// behind it. Not thread-safe.
public final class Fingerprint {
  private final MessageDigest digest;

  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /// The fingerprint, 64 hexadecimal digits, once.
  public String end() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
