package dev.holdfast.repository.format;

import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Key file to bytes and back (format sheet, section 2). The file itself is neither sealed nor
/// compressed.
public final class KeyFileCodec {
  private static final String KDF = "scrypt";
  private static final int JSON_BYTES = 512;

  private KeyFileCodec() {}

  public static byte[] encode(KeyFile file) {
    return new GoJson(JSON_BYTES)
        .beginObject()
        .name("created")
        .time(file.created())
        .name("username")
        .string(file.username())
        .name("hostname")
        .string(file.hostname())
        .name("kdf")
        .string(KDF)
        .name("N")
        .number(file.n())
        .name("r")
        .number(file.r())
        .name("p")
        .number(file.p())
        .name("salt")
        .string(file.saltBase64())
        .name("data")
        .string(file.dataBase64())
        .endObject()
        .toBytes();
  }

  /// Reads a key file. Whether its scrypt parameters are bearable is not judged here.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no key file
  /// @throws Unsupported if the key is not derived with scrypt
  public static KeyFile decode(byte[] json) {
    return JsonReader.read(json, "key file", reader -> new Reading(reader).run());
  }

  private static final class Reading {
    private final JsonReader json;
    private OffsetDateTime created = GoTime.ZERO;
    private String username = "";
    private String hostname = "";
    private String kdf = "";
    private int n;
    private int r;
    private int p;
    private byte @Nullable [] salt;
    private byte @Nullable [] data;

    Reading(JsonReader json) {
      this.json = json;
    }

    KeyFile run() {
      json.object(this::member);
      if (!kdf.equals(KDF)) {
        throw new Unsupported(
            "key file has another key derivation than " + KDF, "use a program that knows it");
      }
      if (salt == null) {
        throw json.missing("salt");
      }
      if (data == null) {
        throw json.missing("data");
      }
      return KeyFile.of(created, username, hostname, n, r, p, salt, data);
    }

    private void member(String name) {
      switch (name) {
        case "created" -> created = json.time();
        case "username" -> username = json.string();
        case "hostname" -> hostname = json.string();
        case "kdf" -> kdf = json.string();
        case "N" -> n = json.number(Integer.MAX_VALUE);
        case "r" -> r = json.number(Integer.MAX_VALUE);
        case "p" -> p = json.number(Integer.MAX_VALUE);
        case "salt" -> salt = json.base64();
        case "data" -> data = json.base64();
        default -> json.skip();
      }
    }
  }
}
