package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import java.util.Optional;

/// The rule for names in trees: a name is a single path component. It is what keeps a restore
/// inside its target.
public final class EntryName {
  private EntryName() {}

  /// Why `name` cannot be the name of a directory entry; empty if it can.
  public static Optional<String> objection(String name) {
    if (name.isEmpty()) {
      return Optional.of("the name is empty");
    }
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("the name '" + name + "' would lead elsewhere");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/') {
        return Optional.of("the name has a slash in it and would lead elsewhere");
      }
      if (c == '\0') {
        return Optional.of("the name has a zero byte in it");
      }
    }
    return isEncodable(name) ? Optional.empty() : Optional.of("the name stands for no bytes");
  }

  private static boolean isEncodable(String name) {
    if (OsString.isValidUtf8(name)) {
      return true;
    }
    for (int i = 0; i < name.length(); ) {
      int codePoint = name.codePointAt(i);
      boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
      boolean escape = codePoint >= 0xDC80 && codePoint <= 0xDCFF;
      if (surrogate && !escape) {
        return false;
      }
      i += Character.charCount(codePoint);
    }
    return true;
  }
}
