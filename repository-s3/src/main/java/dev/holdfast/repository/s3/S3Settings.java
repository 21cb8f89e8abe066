package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.store.ExtendedOptions;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How a bucket is used: restic's `s3.*` options, and a few of our own.
///
/// @param region the bucket's region; empty to find out or do without
/// @param lookup where the bucket's name goes in a request
/// @param connections requests at once, at most
/// @param storageClass of new objects; an archive class goes to packs of file contents alone
/// @param listsOldStyle whether to list with the first version of that call
/// @param anonymous whether requests are not signed
/// @param attempts calls in all for one that fails for a time; empty for the usual
/// @param encryption how the server encrypts new objects; empty to leave that to the bucket
/// @param encryptionKey the key of AWS KMS that it takes
/// @param retention how long new objects are protected; empty for not at all
/// @param singlePutBytes longer objects are sent in parts
public record S3Settings(
    Optional<String> region,
    Lookup lookup,
    int connections,
    Optional<String> storageClass,
    boolean listsOldStyle,
    boolean anonymous,
    Optional<Integer> attempts,
    Optional<String> encryption,
    Optional<String> encryptionKey,
    Optional<Retention> retention,
    int singlePutBytes) {
  /// The names of the extended options: restic's, and a few of our own.
  public static final Set<String> OPTIONS =
      Set.of(
          "bucket-lookup",
          "connections",
          "enable-restore",
          "layout",
          "list-objects-v1",
          "multipart-above",
          "object-lock-days",
          "object-lock-mode",
          "region",
          "restore-days",
          "restore-tier",
          "restore-timeout",
          "retries",
          "server-side-encryption",
          "sse-kms-key-id",
          "storage-class",
          "unsafe-anonymous-auth");

  /// restic's number.
  public static final int DEFAULT_CONNECTIONS = 5;

  /// Each may hold a pack in memory.
  static final int MAX_CONNECTIONS = 64;

  private static final int MIB = 1 << 20;

  /// As with restic.
  private static final int SINGLE_PUT_MIB = 200;

  /// S3 takes no part but the last one below this.
  private static final int LEAST_PART_MIB = 5;

  private static final int MOST_PUT_MIB = 2000;

  private static final int MAX_ATTEMPTS = 1000;

  private static final int MAX_RETENTION_DAYS = 36_500;

  /// Where the bucket's name goes: into the host's name or into the path. By itself: into the
  /// host's name with Amazon, into the path elsewhere, as restic does it.
  public enum Lookup {
    AUTO,
    DNS,
    PATH
  }

  /// The protection of new objects with S3 Object Lock.
  ///
  /// @param mode `GOVERNANCE` or `COMPLIANCE`
  /// @param period how long
  public record Retention(String mode, Period period) {}

  /// Reads the options.
  ///
  /// @param environmentRegion what the environment says of the region
  /// @throws Rejected naming one that is not right
  public static S3Settings of(ExtendedOptions options, Optional<String> environmentRegion) {
    options.requireKnown(OPTIONS);
    refuseRestoring(options);
    String layout = options.text("layout").orElse("default");
    if (!layout.equals("default") && !layout.equals("auto")) {
      throw new Rejected(
          "the extended option s3.layout cannot be '" + layout + "'",
          "leave it out; restic migrates old layouts with 'migrate s3_layout'");
    }
    return new S3Settings(
        options.text("region").or(() -> environmentRegion),
        lookup(options.text("bucket-lookup").orElse("auto")),
        options.number("connections", DEFAULT_CONNECTIONS, 1, MAX_CONNECTIONS),
        options.text("storage-class").map(name -> name.toUpperCase(Locale.ROOT)),
        options.flag("list-objects-v1"),
        options.flag("unsafe-anonymous-auth"),
        options.text("retries").map(text -> options.number("retries", 0, 1, MAX_ATTEMPTS)),
        encryption(options),
        options.text("sse-kms-key-id"),
        retention(options),
        MIB * options.number("multipart-above", SINGLE_PUT_MIB, LEAST_PART_MIB, MOST_PUT_MIB));
  }

  /// The options that say what new objects are to be, as they are given.
  List<String> forNewObjects() {
    List<String> given = new ArrayList<>();
    storageClass.ifPresent(its -> given.add("-o s3.storage-class=" + its));
    encryption.ifPresent(its -> given.add("-o s3.server-side-encryption=" + its));
    encryptionKey.ifPresent(its -> given.add("-o s3.sse-kms-key-id=" + its));
    retention.ifPresent(its -> {
      given.add("-o s3.object-lock-mode=" + its.mode().toLowerCase(Locale.ROOT));
      given.add("-o s3.object-lock-days=" + its.period().get(ChronoUnit.DAYS));
    });
    return given;
  }

  private static Lookup lookup(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "auto" -> Lookup.AUTO;
      case "dns" -> Lookup.DNS;
      case "path" -> Lookup.PATH;
      default ->
          throw new Rejected(
              "the extended option s3.bucket-lookup cannot be '" + word + "'",
              "give auto, path or dns");
    };
  }

  private static Optional<String> encryption(ExtendedOptions options) {
    Optional<String> given = options.text("server-side-encryption");
    if (given.isEmpty()) {
      return options.text("sse-kms-key-id").map(key -> "aws:kms");
    }
    return switch (given.get()) {
      case "AES256", "aws:kms", "aws:kms:dsse" -> given;
      default ->
          throw new Rejected(
              "the extended option s3.server-side-encryption cannot be '" + given.get() + "'",
              "give AES256, aws:kms or aws:kms:dsse");
    };
  }

  private static Optional<Retention> retention(ExtendedOptions options) {
    Optional<String> mode =
        options.text("object-lock-mode").map(word -> word.toUpperCase(Locale.ROOT));
    int days = options.number("object-lock-days", 0, 0, MAX_RETENTION_DAYS);
    if (mode.isPresent() != (days > 0)) {
      throw new Rejected(
          "s3.object-lock-mode and s3.object-lock-days need each other", "give both or none");
    }
    if (mode.isPresent() && !Set.of("GOVERNANCE", "COMPLIANCE").contains(mode.get())) {
      throw new Rejected(
          "the extended option s3.object-lock-mode cannot be '" + mode.get() + "'",
          "give governance or compliance");
    }
    return mode.map(word -> new Retention(word, Period.ofDays(days)));
  }

  /// Objects in archive classes are brought back by other means.
  private static void refuseRestoring(ExtendedOptions options) {
    if (options.flag("enable-restore")) {
      throw new Rejected(
          "s3.enable-restore is not supported",
          "restore archived objects with the tools of the cloud first");
    }
  }
}
