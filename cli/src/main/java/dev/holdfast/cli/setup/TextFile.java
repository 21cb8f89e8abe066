package dev.holdfast.cli.setup;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/// Small text files that hold one setting: white space around it is not part of it, and a byte
/// order mark says the encoding, as in restic.
final class TextFile {
  /// A setting is short.
  static final int MAX_BYTES = 1 << 20;

  private static final byte[] MARK_UTF_8 = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] MARK_UTF_16LE = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] MARK_UTF_16BE = {(byte) 0xFE, (byte) 0xFF};

  private TextFile() {}

  /// The trimmed content, in UTF-8. Bytes that are not text are kept as they are.
  static byte[] read(String what, String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MAX_BYTES) {
        throw new HoldfastException.Rejected(
            what + " " + file + " is larger than a mebibyte", "is it the right file?");
      }
      return trim(toUtf8(Files.readAllBytes(path)));
    } catch (NoSuchFileException e) {
      throw new HoldfastException.NotFound(what + " " + file + " does not exist", "check its name");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          what + " " + file + " cannot be read: " + Reason.of(e),
          e instanceof AccessDeniedException ? "run it as a user who may read it" : "",
          e);
    }
  }

  private static byte[] toUtf8(byte[] bytes) {
    if (startsWith(bytes, MARK_UTF_8)) {
      return Arrays.copyOfRange(bytes, MARK_UTF_8.length, bytes.length);
    }
    if (startsWith(bytes, MARK_UTF_16LE)) {
      return recode(bytes, StandardCharsets.UTF_16LE);
    }
    return startsWith(bytes, MARK_UTF_16BE) ? recode(bytes, StandardCharsets.UTF_16BE) : bytes;
  }

  private static byte[] recode(byte[] bytes, Charset charset) {
    return new String(bytes, 2, bytes.length - 2, charset).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean startsWith(byte[] bytes, byte[] mark) {
    return bytes.length >= mark.length
        && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
  }

  /// Without white space before and after.
  static byte[] trim(byte[] bytes) {
    int from = 0;
    int to = bytes.length;
    while (from < to && isSpace(bytes[from])) {
      from++;
    }
    while (to > from && isSpace(bytes[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r');
  }
}
