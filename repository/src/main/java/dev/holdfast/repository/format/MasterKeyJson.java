package dev.holdfast.repository.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The plain content of a key file's `data` (format sheet, section 2), as 64 bytes: encryption key,
/// k, r. The one secret that passes through this package: nothing of it is kept or shown.
public final class MasterKeyJson {
  /// Length of the key's bytes.
  public static final int KEY_BYTES = 64;

  private static final int ENCRYPT_BYTES = 32;
  private static final int MAC_PART_BYTES = 16;
  private static final int K_OFFSET = ENCRYPT_BYTES;
  private static final int R_OFFSET = K_OFFSET + MAC_PART_BYTES;
  private static final int JSON_BYTES = 256;

  private MasterKeyJson() {}

  /// The JSON of `key`; the caller wipes both.
  public static byte[] encode(byte[] key) {
    return new GoJson(JSON_BYTES)
        .beginObject()
        .name("mac")
        .beginObject()
        .name("k")
        .base64(Arrays.copyOfRange(key, K_OFFSET, R_OFFSET))
        .name("r")
        .base64(Arrays.copyOfRange(key, R_OFFSET, KEY_BYTES))
        .endObject()
        .name("encrypt")
        .base64(Arrays.copyOf(key, ENCRYPT_BYTES))
        .endObject()
        .toBytes();
  }

  /// The key's bytes; the caller wipes them.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is not a key
  public static byte[] decode(byte[] json) {
    return JsonReader.read(
        json,
        "master key",
        reader -> {
          byte[] key = new byte[KEY_BYTES];
          reader.object(name -> {
            switch (name) {
              case "encrypt" -> part(reader, key, 0, ENCRYPT_BYTES);
              case "mac" -> mac(reader, key);
              default -> reader.skip();
            }
          });
          return key;
        });
  }

  private static void mac(JsonReader reader, byte[] key) {
    reader.object(name -> {
      switch (name) {
        case "k" -> part(reader, key, K_OFFSET, MAC_PART_BYTES);
        case "r" -> part(reader, key, R_OFFSET, MAC_PART_BYTES);
        default -> reader.skip();
      }
    });
  }

  private static void part(JsonReader reader, byte[] key, int offset, int length) {
    byte @Nullable [] part = reader.base64();
    if (part == null || part.length != length) {
      throw reader.wrong(length + " bytes in base64");
    }
    System.arraycopy(part, 0, key, offset, length);
    Arrays.fill(part, (byte) 0);
  }
}
