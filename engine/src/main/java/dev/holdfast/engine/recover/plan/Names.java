package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.config.recovery.RecoveryNames;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;

/// The names that a recovery gives.
///
/// @param id of the recovery
/// @param stamp what the names of its safety copies end in
record Names(String id, String stamp) {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int RANDOM_BOUND = 0x10000;

  /// The longest suffix that an engine gives to files beside a database.
  private static final int SUFFIX_BYTES_MAX = 16;

  private static final int NAME_BYTES_MAX = 255;

  static Names of(Instant now, RandomGenerator random) {
    String unique = "%04x".formatted(random.nextInt(RANDOM_BOUND));
    return new Names(ID.format(now) + "-" + unique, STAMP.format(now) + "-" + unique);
  }

  String stageFolder(String live, int number) {
    String folder = Replacement.folderOf(live);
    return (folder.equals("/") ? "" : folder) + "/" + RecoveryNames.STAGE + id + "-" + number;
  }

  String safety(String live) {
    String path = live + RecoveryNames.SAFETY + stamp;
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (OsString.encode(name).length + SUFFIX_BYTES_MAX > NAME_BYTES_MAX) {
      throw new HoldfastException.Rejected(
          "the name of " + OsString.display(live) + " is too long for a safety copy beside it",
          "recover the folder that it lies in");
    }
    return path;
  }
}
