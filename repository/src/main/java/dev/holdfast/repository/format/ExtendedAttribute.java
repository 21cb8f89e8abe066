package dev.holdfast.repository.format;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An extended attribute of a node. The value is kept in hexadecimal so that the record has value
/// semantics; restic writes `null` for an attribute without a value, which is kept apart from
/// empty.
///
/// @param name the attribute's name with its name space, such as `user.comment`
/// @param valueHex the value in lower-case hexadecimal, or null
public record ExtendedAttribute(String name, @Nullable String valueHex) {
  public static ExtendedAttribute of(String name, byte[] value) {
    return new ExtendedAttribute(name, HexFormat.of().formatHex(value));
  }

  /// How many bytes the value has.
  public int valueLengthBytes() {
    return valueHex == null ? 0 : valueHex.length() / 2;
  }

  /// The value's bytes, empty if the value is null.
  public byte[] valueBytes() {
    return valueHex == null ? new byte[0] : HexFormat.of().parseHex(valueHex);
  }
}
