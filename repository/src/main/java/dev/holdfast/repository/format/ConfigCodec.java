package dev.holdfast.repository.format;

import dev.holdfast.repository.chunk.Polynomial;
import org.jspecify.annotations.Nullable;

/// Config file to bytes and back (format sheet, section 3).
public final class ConfigCodec {
  private static final int JSON_BYTES = 160;
  private static final int HEX_RADIX = 16;

  private ConfigCodec() {}

  public static byte[] encode(RepositoryConfig config) {
    return new GoJson(JSON_BYTES)
        .beginObject()
        .name("version")
        .number(config.version())
        .name("id")
        .hash(config.id())
        .name("chunker_polynomial")
        .string(Long.toHexString(config.chunkerPolynomial()))
        .endObject()
        .toBytes();
  }

  /// Reads a config and checks that it can be worked with.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no config, or its
  ///   polynomial cannot cut
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if its version is unknown
  public static RepositoryConfig decode(byte[] json) {
    return JsonReader.read(json, "config", reader -> new Reading(reader).run());
  }

  private static final class Reading {
    private final JsonReader json;
    private int version;
    private @Nullable Hash id;
    private long polynomial;

    Reading(JsonReader json) {
      this.json = json;
    }

    RepositoryConfig run() {
      json.object(name -> {
        switch (name) {
          case "version" -> version = json.number(Integer.MAX_VALUE);
          case "id" -> id = json.hash();
          case "chunker_polynomial" -> polynomial = polynomial();
          default -> json.skip();
        }
      });
      // An unknown version may have other fields, so it is told first.
      RepositoryConfig config =
          new RepositoryConfig(version, id == null ? new Hash(0, 0, 0, 0) : id, polynomial);
      if (id == null) {
        throw json.missing("id");
      }
      Polynomial checked = new Polynomial(polynomial);
      if (checked.degree() != Polynomial.DEGREE || !checked.isIrreducible()) {
        throw json.corrupt("chunker polynomial is not irreducible of degree " + Polynomial.DEGREE);
      }
      return config;
    }

    private long polynomial() {
      try {
        return Long.parseUnsignedLong(json.string(), HEX_RADIX);
      } catch (NumberFormatException e) {
        throw json.wrong("a hexadecimal number");
      }
    }
  }
}
