package dev.holdfast.engine.query;

import java.util.Optional;

/// How extended attributes are called in the pax records of a tar archive. A key ends at the first
/// `=`, so GNU tar writes `%3D` for one in a name, and `%25` for a percent sign; so do we.
public final class PaxAttributes {
  private static final String PREFIX = "SCHILY.xattr.";

  private PaxAttributes() {}

  /// The key of the record for an attribute.
  static String key(String name) {
    return PREFIX + name.replace("%", "%25").replace("=", "%3D");
  }

  /// The attribute that a record is of; empty if it is of something else.
  public static Optional<String> name(String key) {
    return key.startsWith(PREFIX)
        ? Optional.of(key.substring(PREFIX.length()).replace("%3D", "=").replace("%25", "%"))
        : Optional.empty();
  }
}
