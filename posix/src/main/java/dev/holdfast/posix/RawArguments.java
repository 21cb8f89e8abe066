package dev.holdfast.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line arguments byte for byte.
///
/// The virtual machine decodes arguments with the charset of the locale and loses what does not
/// fit: bytes that are not UTF-8 always, everything but ASCII under `LC_ALL=C`.
public final class RawArguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private RawArguments() {}

  /// `arguments` as the process was given them, as [OsString] has them; `arguments` themselves
  /// where that cannot be told.
  public static List<String> of(String[] arguments) {
    byte[] commandLine;
    try {
      commandLine = Files.readAllBytes(COMMAND_LINE);
    } catch (IOException e) {
      // Without /proc there is nothing better than what the virtual machine made of them.
      return List.of(arguments);
    }
    return align(commandLine, arguments);
  }

  /// The last of the words in `commandLine`, each of which ends in a zero byte, if they are
  /// `arguments`: the ones before them belong to the virtual machine.
  static List<String> align(byte[] commandLine, String[] arguments) {
    List<String> words = words(commandLine);
    int first = words.size() - arguments.length;
    if (first < 0) {
      return List.of(arguments);
    }
    List<String> raw = words.subList(first, words.size());
    for (int i = 0; i < arguments.length; i++) {
      if (!mayBe(raw.get(i), arguments[i])) {
        // Expanded from an argument file or a wildcard: these words are other ones.
        return List.of(arguments);
      }
    }
    return List.copyOf(raw);
  }

  private static List<String> words(byte[] commandLine) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        words.add(OsString.decode(commandLine, start, i - start));
        start = i + 1;
      }
    }
    return words;
  }

  /// Whether `decoded` can be what the virtual machine made of `raw`: the ASCII characters of both,
  /// which the charset of a locale keeps, are the same in the same order. Of the charsets that use
  /// ASCII bytes inside other characters, such as Shift JIS, arguments are taken as decoded.
  private static boolean mayBe(String raw, String decoded) {
    return ascii(raw).equals(ascii(decoded));
  }

  private static String ascii(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A question mark may stand for something that could not be decoded.
      if (c < 0x80 && c != '?') {
        kept.append(c);
      }
    }
    return kept.toString();
  }
}
