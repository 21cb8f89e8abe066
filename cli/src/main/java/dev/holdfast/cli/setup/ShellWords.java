package dev.holdfast.cli.setup;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/// Splits a command into words as restic does: at white space, with single and double quotes and
/// backslashes; without any expansion, because no shell is involved.
public final class ShellWords {
  private ShellWords() {}

  /// The words of `command`.
  ///
  /// @param option which option it was given with, for messages
  public static List<String> split(String option, String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        inWord = true;
      } else if (c == '\\' && quote != '\'' && i + 1 < command.length()) {
        word.append(command.charAt(++i));
        inWord = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    if (quote != 0 || words.isEmpty()) {
      throw new HoldfastException.Rejected(
          quote != 0 ? "a quote in " + option + " is not closed" : option + " is empty",
          "give the command and its arguments as one word of the shell");
    }
    return words;
  }
}
