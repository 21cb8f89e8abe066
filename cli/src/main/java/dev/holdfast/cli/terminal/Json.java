package dev.holdfast.cli.terminal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Builds one JSON object, field by field, with the escapes of Go's `encoding/json`, so that what
/// scripts compare or match as text is what restic prints. Not thread-safe.
public final class Json {
  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder("{");

  /// Starts an object.
  public static Json object() {
    return new Json();
  }

  /// Starts a message of type `type`.
  public static Json message(String type) {
    return new Json().field("message_type", type);
  }

  public Json field(String name, String value) {
    return raw(name, quote(value));
  }

  public Json field(String name, long value) {
    return raw(name, Long.toString(value));
  }

  public Json unsigned(String name, long value) {
    return raw(name, Long.toUnsignedString(value));
  }

  public Json field(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  public Json field(String name, double value) {
    return raw(name, GoNumbers.format(value));
  }

  /// A field whose value is JSON already.
  public Json raw(String name, String json) {
    if (out.length() > 1) {
      out.append(',');
    }
    out.append(quote(name)).append(':').append(json);
    return this;
  }

  public Json strings(String name, Collection<String> values) {
    return raw(name, array(values.stream().map(Json::quote).toList()));
  }

  /// Adds the field unless it is zero.
  public Json nonZero(String name, long value) {
    return value == 0 ? this : field(name, value);
  }

  /// Adds the field unless it is null or empty.
  public Json nonEmpty(String name, @Nullable String value) {
    return value == null || value.isEmpty() ? this : field(name, value);
  }

  /// Adds the field unless it is empty.
  public Json nonEmpty(String name, Collection<String> values) {
    return values.isEmpty() ? this : strings(name, values);
  }

  /// The object, closed.
  public String end() {
    return out + "}";
  }

  /// An array of values that are JSON already.
  public static String array(Collection<String> values) {
    return "[" + String.join(",", values) + "]";
  }

  /// A string literal.
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        quoted.append(c).append(text.charAt(++i));
      } else {
        append(quoted, c);
      }
    }
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, char c) {
    switch (c) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case '\n' -> quoted.append("\\n");
      case '\r' -> quoted.append("\\r");
      case '\t' -> quoted.append("\\t");
      case '<', '>', '&', '\u2028', '\u2029' -> escape(quoted, c);
      default -> {
        if (c < 0x20) {
          escape(quoted, c);
        } else if (Character.isSurrogate(c)) {
          quoted.append("\\ufffd");
        } else {
          quoted.append(c);
        }
      }
    }
  }

  private static void escape(StringBuilder quoted, char c) {
    quoted.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      quoted.append(HEX.charAt((c >> shift) & 0xf));
    }
  }
}
