package dev.holdfast.benchmarks;

import java.util.SplittableRandom;

/// Text of a skewed vocabulary, as notes of orders are. The same random numbers make the same
/// vocabulary and the same text.
final class OrderText {
  private static final int VOCABULARY = 4_096;
  private static final int MAX_WORD_CHARS = 10;

  private final String[] words = new String[VOCABULARY];
  private final int meanBytes;

  /// @param random the vocabulary is drawn from it at once
  /// @param meanBytes mean length of a text
  OrderText(SplittableRandom random, int meanBytes) {
    this.meanBytes = meanBytes;
    for (int i = 0; i < words.length; i++) {
      StringBuilder word = new StringBuilder();
      int chars = 2 + random.nextInt(MAX_WORD_CHARS - 1);
      for (int c = 0; c < chars; c++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words[i] = word.toString();
    }
  }

  String next(SplittableRandom random) {
    int length = meanBytes / 2 + random.nextInt(meanBytes);
    StringBuilder text = new StringBuilder(length + MAX_WORD_CHARS + 1);
    while (text.length() < length) {
      text.append(words[skewed(random, words.length)]).append(' ');
    }
    return text.toString();
  }

  /// A number below `bound`, small ones far more often, as customers and words are.
  static int skewed(SplittableRandom random, int bound) {
    double u = random.nextDouble();
    return (int) (bound * u * u * u);
  }
}
