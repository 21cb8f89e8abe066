package dev.holdfast.cli.command;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Instants as Go prints them by default, which is how restic names a snapshot in a sentence.
final class GoTimes {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx", Locale.ROOT);

  private GoTimes() {}

  static String text(OffsetDateTime time) {
    StringBuilder text = new StringBuilder(time.format(SECONDS));
    if (time.getNano() != 0) {
      String nanos = String.format(Locale.ROOT, "%09d", time.getNano());
      text.append('.').append(nanos.replaceAll("0+$", ""));
    }
    String offset = time.format(OFFSET);
    // A time read from JSON has no name for its zone: Go repeats the offset, or says UTC.
    String name = offset.equals("+0000") ? "UTC" : offset;
    return text.append(' ').append(offset).append(' ').append(name).toString();
  }
}
