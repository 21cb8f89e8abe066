package dev.holdfast.engine.query;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.ExtendedAttribute;
import java.util.List;
import java.util.Optional;

/// How extended attributes are called in the pax records of a tar archive. A key ends at the first
/// `=`, so GNU tar writes `%3D` for one in a name, and `%25` for a percent sign; so do we.
public final class PaxAttributes {
  /// The most that the records before an entry of an archive may have: whoever reads them keeps
  /// them in memory. It is some sixty of the longest attributes that Linux takes.
  public static final int RECORDS_BYTES_MAX = 4 << 20;

  private static final String PREFIX = "SCHILY.xattr.";

  /// Room for the names and numbers of an entry, which have records as well.
  private static final int OTHERS_BYTES_MAX = 64 << 10;

  /// The most that a name takes with all that is around it: each character may become three.
  private static final int NAME_FACTOR = 3;

  private static final int AROUND_BYTES = 32;

  private PaxAttributes() {}

  /// The key of the record for an attribute.
  static String key(String name) {
    return PREFIX + name.replace("%", "%25").replace("=", "%3D");
  }

  /// Whether the attributes have room in the records of one entry.
  static boolean fit(List<ExtendedAttribute> attributes) {
    long bytes = 0;
    for (ExtendedAttribute each : attributes) {
      bytes +=
          AROUND_BYTES
              + NAME_FACTOR * (long) OsString.encode(each.name()).length
              + each.valueLengthBytes();
    }
    return bytes <= RECORDS_BYTES_MAX - OTHERS_BYTES_MAX;
  }

  /// The attribute that a record is of; empty if it is of something else.
  public static Optional<String> name(String key) {
    return key.startsWith(PREFIX)
        ? Optional.of(key.substring(PREFIX.length()).replace("%3D", "=").replace("%25", "%"))
        : Optional.empty();
  }
}
