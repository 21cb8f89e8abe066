package dev.holdfast.engine.archive.read;

import dev.holdfast.engine.query.PaxAttributes;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.ExtendedAttribute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What comes before an entry and says more of it than its header can: pax records, each its own
/// length in decimal, a space, a key, `=`, a value and a line feed; and GNU tar's long names.
final class PaxRecords {
  private static final Pattern TIME = Pattern.compile("(-?)(\\d{1,12})(?:\\.(\\d{1,18}))?");
  private static final int NANO_DIGITS = 9;
  private static final int NANOS = 1_000_000_000;

  private Optional<String> name = Optional.empty();
  private Optional<String> link = Optional.empty();
  private Optional<Long> size = Optional.empty();
  private Optional<Long> uid = Optional.empty();
  private Optional<Long> gid = Optional.empty();
  private Optional<Long> seconds = Optional.empty();
  private final List<ExtendedAttribute> attributes = new ArrayList<>();
  private int nanos;
  private boolean sparse;

  void add(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      int space = indexOf(bytes, ' ', at);
      int equals = indexOf(bytes, '=', space);
      long length =
          number(new String(bytes, at, space - at, StandardCharsets.ISO_8859_1), "length");
      if (length < equals - at + 2L
          || length > bytes.length - at
          || bytes[at + (int) length - 1] != '\n') {
        throw Refusal.damaged("a record of an entry has a wrong length");
      }
      int end = at + (int) length;
      String key = OsString.decode(Arrays.copyOfRange(bytes, space + 1, equals));
      take(key, Arrays.copyOfRange(bytes, equals + 1, end - 1));
      at = end;
    }
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    throw Refusal.damaged("a record of an entry is not whole");
  }

  private void take(String key, byte[] value) {
    switch (key) {
      case "path" -> name = Optional.of(OsString.decode(value));
      case "linkpath" -> link = Optional.of(OsString.decode(value));
      case "size" -> size = Optional.of(number(ascii(value), key));
      case "uid" -> uid = Optional.of(number(ascii(value), key));
      case "gid" -> gid = Optional.of(number(ascii(value), key));
      case "mtime" -> time(ascii(value));
      default -> {
        sparse |= key.startsWith("GNU.sparse.");
        PaxAttributes.name(key)
            .ifPresent(name -> attributes.add(ExtendedAttribute.of(name, value)));
      }
    }
  }

  private static String ascii(byte[] value) {
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  private static long number(String text, String key) {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Refusal.damaged("the " + key + " of an entry is no number");
    }
    return Long.parseLong(text);
  }

  private void time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return; // what no clock has said is left as the header has it
    }
    String fraction = matcher.group(3) == null ? "" : matcher.group(3);
    long whole = Long.parseLong(matcher.group(2));
    nanos = Integer.parseInt((fraction + "000000000").substring(0, NANO_DIGITS));
    if (!matcher.group(1).isEmpty()) { // nanoseconds count forward, before 1970 too
      whole = nanos == 0 ? -whole : -whole - 1;
      nanos = nanos == 0 ? 0 : NANOS - nanos;
    }
    seconds = Optional.of(whole);
  }

  void longName(String value) {
    name = Optional.of(value);
  }

  void longLink(String value) {
    link = Optional.of(value);
  }

  Optional<String> name() {
    return name;
  }

  Optional<String> link() {
    return link;
  }

  Optional<Long> size() {
    return size;
  }

  Optional<Long> uid() {
    return uid;
  }

  Optional<Long> gid() {
    return gid;
  }

  Optional<Long> seconds() {
    return seconds;
  }

  List<ExtendedAttribute> attributes() {
    return attributes;
  }

  int nanos() {
    return nanos;
  }

  boolean isSparse() {
    return sparse;
  }
}
