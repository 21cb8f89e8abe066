package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads addresses of servers as libpq does (PostgreSQL documentation, section 34.1.1). No message
/// repeats the address, which may hold a password.
final class ConnectionString {
  private static final List<String> SCHEMES = List.of("postgresql://", "postgres://");
  private static final String HINT =
      "write 'postgresql://user@host:port/database?sslmode=require' or 'host=... dbname=...'";
  private static final int HEX = 16;

  private final String text;
  private final Map<String, String> keywords = new LinkedHashMap<>();

  private ConnectionString(String text) {
    this.text = text;
  }

  /// The settings by libpq's names, in the order they were given.
  static Map<String, String> parse(String address) {
    String text = address.strip();
    ConnectionString parser = new ConnectionString(text);
    for (String scheme : SCHEMES) {
      if (text.startsWith(scheme)) {
        parser.parseAddress(text.substring(scheme.length()));
        return parser.keywords;
      }
    }
    if (text.contains("=")) {
      parser.parsePairs();
    } else if (!text.isEmpty()) {
      if (text.contains("://")) {
        throw bad("it begins with an unknown scheme");
      }
      parser.keywords.put(PostgresSettings.DATABASE, text);
    }
    return parser.keywords;
  }

  private void parseAddress(String rest) {
    int query = rest.indexOf('?');
    String place = query < 0 ? rest : rest.substring(0, query);
    int slash = place.indexOf('/');
    String authority = slash < 0 ? place : place.substring(0, slash);
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      String user = authority.substring(0, at);
      int colon = user.indexOf(':');
      put("user", decode(colon < 0 ? user : user.substring(0, colon)));
      if (colon >= 0) {
        put("password", decode(user.substring(colon + 1)));
      }
    }
    parseHosts(authority.substring(at + 1));
    if (slash >= 0) {
      put(PostgresSettings.DATABASE, decode(place.substring(slash + 1)));
    }
    if (query >= 0) {
      parseQuery(rest.substring(query + 1));
    }
  }

  private void parseHosts(String places) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String place : places.split(",", -1)) {
      int bracket = place.startsWith("[") ? place.indexOf(']') : 0;
      if (bracket < 0) {
        throw bad("the host has no closing bracket");
      }
      int colon = place.indexOf(':', bracket);
      String host = colon < 0 ? place : place.substring(0, colon);
      hosts.add(bracket > 0 ? host.substring(1, bracket) : decode(host));
      ports.add(colon < 0 ? "" : place.substring(colon + 1));
    }
    put("host", String.join(",", hosts));
    if (ports.stream().anyMatch(port -> !port.isEmpty())) {
      put("port", String.join(",", ports));
    }
  }

  private void parseQuery(String query) {
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw bad("its parameters are not of the form name=value");
      }
      String name = decode(pair.substring(0, equals));
      String value = decode(pair.substring(equals + 1));
      if (name.equals("ssl") && value.equals("true")) {
        put("sslmode", "require");
      } else {
        put(name, value);
      }
    }
  }

  /// Takes a setting that says something.
  private void put(String name, String value) {
    if (value.chars().anyMatch(c -> c == 0)) {
      throw bad("it holds a zero byte");
    }
    if (!value.isEmpty() && !value.chars().allMatch(c -> c == ',')) {
      keywords.put(name, value);
    }
  }

  private static String decode(String part) {
    if (!part.contains("%")) {
      return part;
    }
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.write(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], HEX) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], HEX) : -1;
      if (high < 0 || low < 0) {
        throw bad("a '%' is not followed by two hexadecimal digits");
      }
      decoded.write(high * HEX + low);
      i += 2;
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  /// `name = value` or `name = 'value'`, a backslash before what is meant literally.
  private void parsePairs() {
    int at = skipSpace(0);
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        throw bad("something in it has no '='");
      }
      String name = text.substring(at, equals).strip();
      if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
        throw bad("something in it has no '='");
      }
      StringBuilder value = new StringBuilder();
      at = readValue(skipSpace(equals + 1), value);
      put(name, value.toString());
      at = skipSpace(at);
    }
  }

  private int readValue(int from, StringBuilder value) {
    boolean quoted = from < text.length() && text.charAt(from) == '\'';
    int at = quoted ? from + 1 : from;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        value.append(text.charAt(at++));
      } else if (quoted && c == '\'') {
        return at;
      } else if (!quoted && Character.isWhitespace(c)) {
        return at;
      } else {
        value.append(c);
      }
    }
    if (quoted) {
      throw bad("a quote is not closed");
    }
    return at;
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static HoldfastException bad(String what) {
    return new HoldfastException.Rejected(
        "the address of the PostgreSQL server cannot be read: " + what, HINT);
  }
}
