package dev.holdfast.engine.purge;

import dev.holdfast.repository.error.HoldfastException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What the ledger says of one erasure: everything but the name of what was erased, of which it has
/// a hash with a salt of its own. The record is sealed, so only who holds the repository's key can
/// even try names.
///
/// @param finished whether it was done to the end
/// @param time when it began
/// @param by user and host
/// @param app whose snapshots; empty for all
/// @param kind see [Identity#kind]
/// @param salt hexadecimal
/// @param hash hexadecimal
/// @param snapshots ids of the snapshots that held it, which are gone
public record Erasure(
    boolean finished,
    Instant time,
    String by,
    Optional<String> app,
    String kind,
    String salt,
    String hash,
    List<String> snapshots) {
  private static final int SALT_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final String DONE = "done";
  private static final String BEGUN = "begun";

  public Erasure {
    snapshots = List.copyOf(snapshots);
  }

  /// One that begins.
  static Erasure begin(
      Identity identity, Instant time, String by, List<String> snapshots, RandomGenerator random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Erasure(
        false,
        time,
        by,
        identity.owner(),
        identity.kind(),
        HexFormat.of().formatHex(salt),
        HexFormat.of().formatHex(mac(salt, identity.bytes())),
        snapshots);
  }

  Erasure finish(List<String> all) {
    return new Erasure(true, time, by, app, kind, salt, hash, all);
  }

  /// Whether it was decided after this moment, or at it.
  boolean isAfter(Instant moment) {
    return !time.isBefore(moment);
  }

  /// Whether it is of this.
  boolean isOf(Identity identity) {
    return kind.equals(identity.kind())
        && app.equals(identity.owner())
        && MessageDigest.isEqual(
            HexFormat.of().parseHex(hash), mac(HexFormat.of().parseHex(salt), identity.bytes()));
  }

  private static byte[] mac(byte[] salt, byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(salt, ALGORITHM));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /// The record's content: a line each of a word and a value.
  String encode() {
    StringBuilder text = new StringBuilder();
    text.append("state ").append(finished ? DONE : BEGUN).append('\n');
    text.append("time ").append(time).append('\n');
    text.append("by ").append(by).append('\n');
    app.ifPresent(name -> text.append("app ").append(name).append('\n'));
    text.append("kind ").append(kind).append('\n');
    text.append("salt ").append(salt).append('\n');
    text.append("hash ").append(hash).append('\n');
    snapshots.forEach(id -> text.append("snapshot ").append(id).append('\n'));
    return text.toString();
  }

  /// @throws HoldfastException.Corrupt if it is none
  static Erasure decode(String text) {
    Map<String, String> values = new HashMap<>();
    List<String> snapshots = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0 && line.startsWith("snapshot ")) {
        snapshots.add(line.substring(space + 1));
      } else if (space > 0) {
        values.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    try {
      Erasure read =
          new Erasure(
              value(values, "state").equals(DONE),
              Instant.parse(value(values, "time")),
              value(values, "by"),
              Optional.ofNullable(values.get("app")),
              value(values, "kind"),
              value(values, "salt"),
              value(values, "hash"),
              snapshots);
      HexFormat.of().parseHex(read.salt);
      HexFormat.of().parseHex(read.hash);
      return read;
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new HoldfastException.Corrupt("a record of an erasure is damaged: " + e.getMessage());
    }
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + name);
    }
    return value;
  }
}
