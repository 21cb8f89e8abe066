package dev.holdfast.engine.config.shape;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Guesses which of the known words was meant.
public final class Suggestion {
  /// Longer words are not compared: they are no slip of a finger.
  private static final int MAX_CHARACTERS = 64;

  private Suggestion() {}

  /// The known word nearest to `word`, if any is near.
  public static Optional<String> of(String word, Collection<String> known) {
    if (word.length() > MAX_CHARACTERS) {
      return Optional.empty();
    }
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(plain(word), plain(candidate));
      int allowed = Math.max(1, Math.min(word.length(), candidate.length()) / 3);
      if (distance <= allowed && distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /// The end of a message that names the nearest word; empty if none is near.
  public static String ending(String word, Collection<String> known) {
    return of(word, known).map(near -> ": did you mean '" + near + "'?").orElse("");
  }

  /// The end of a message that names the nearest word, or else all of them.
  public static String endingWithAll(String word, Collection<String> known) {
    String near = ending(word, known);
    return near.isEmpty() && !known.isEmpty() ? ": known are " + String.join(", ", known) : near;
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// How many characters were inserted, left out, replaced or exchanged with their neighbour
  /// (optimal string alignment).
  private static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= right.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      for (int j = 1; j <= right.length(); j++) {
        boolean same = left.charAt(i - 1) == right.charAt(j - 1);
        int least = cost[i - 1][j - 1] + (same ? 0 : 1);
        least = Math.min(least, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[left.length()][right.length()];
  }
}
