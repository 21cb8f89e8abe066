package dev.holdfast.engine.source.postgres;

import dev.holdfast.posix.OsString;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the bytes of a text of PostgreSQL mean. A dump has its names in the encoding of its
/// database; sessions are told to speak UTF-8, so that the names are the same in both.
///
/// A database in `SQL_ASCII` has no encoding, and the server converts nothing: its names are bytes,
/// which are kept as [OsString] keeps them. So are those of the few encodings that Java has not.
///
/// @param charset empty for bytes
record TextEncoding(Optional<Charset> charset) {
  /// UTF-8, and bytes that are none.
  static final TextEncoding UTF8 = new TextEncoding(Optional.empty());

  /// Has a session speak UTF-8, or bytes where the server has no encoding.
  static final String SET_CLIENT =
      "SELECT pg_catalog.set_config('client_encoding', CASE"
          + " pg_catalog.current_setting('server_encoding') WHEN 'SQL_ASCII' THEN 'SQL_ASCII'"
          + " ELSE 'UTF8' END, false)";

  /// What a dump, and the script that is made of one, begins with.
  private static final Pattern STATEMENT = Pattern.compile("SET client_encoding = '(\\w+)';\\s*");

  /// PostgreSQL's names (documentation, table 24.3) of those that Java calls otherwise.
  private static final Map<String, String> JAVA_NAMES =
      Map.ofEntries(
          Map.entry("LATIN1", "ISO-8859-1"),
          Map.entry("LATIN2", "ISO-8859-2"),
          Map.entry("LATIN3", "ISO-8859-3"),
          Map.entry("LATIN4", "ISO-8859-4"),
          Map.entry("LATIN5", "ISO-8859-9"),
          Map.entry("LATIN6", "ISO-8859-10"),
          Map.entry("LATIN7", "ISO-8859-13"),
          Map.entry("LATIN8", "ISO-8859-14"),
          Map.entry("LATIN9", "ISO-8859-15"),
          Map.entry("LATIN10", "ISO-8859-16"),
          Map.entry("ISO_8859_5", "ISO-8859-5"),
          Map.entry("ISO_8859_6", "ISO-8859-6"),
          Map.entry("ISO_8859_7", "ISO-8859-7"),
          Map.entry("ISO_8859_8", "ISO-8859-8"),
          Map.entry("WIN866", "IBM866"),
          Map.entry("WIN874", "x-windows-874"),
          Map.entry("KOI8R", "KOI8-R"),
          Map.entry("KOI8U", "KOI8-U"),
          Map.entry("EUC_CN", "EUC-CN"),
          Map.entry("EUC_JP", "EUC-JP"),
          Map.entry("EUC_KR", "EUC-KR"),
          Map.entry("EUC_TW", "x-EUC-TW"),
          Map.entry("SJIS", "windows-31j"),
          Map.entry("BIG5", "Big5"),
          Map.entry("UHC", "x-windows-949"),
          Map.entry("JOHAB", "x-Johab"));

  /// The one that a statement sets, if it is such a statement.
  static Optional<TextEncoding> setBy(String statement) {
    Matcher set = STATEMENT.matcher(statement);
    return set.matches() ? Optional.of(named(set.group(1))) : Optional.empty();
  }

  private static TextEncoding named(String name) {
    if (name.equals("UTF8") || name.equals("SQL_ASCII")) {
      return UTF8;
    }
    String java = name.startsWith("WIN125") ? "windows-" + name.substring(3) : name;
    java = JAVA_NAMES.getOrDefault(name, java);
    return Charset.isSupported(java) ? new TextEncoding(Optional.of(Charset.forName(java))) : UTF8;
  }

  String decode(byte[] bytes, int offset, int length) {
    return charset
        .map(known -> new String(bytes, offset, length, known))
        .orElseGet(() -> OsString.decode(bytes, offset, length));
  }
}
