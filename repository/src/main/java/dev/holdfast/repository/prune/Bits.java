package dev.holdfast.repository.prune;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// A set of numbers of entries, one bit each. Thread-safe but for growing.
final class Bits {
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  private long[] words;

  Bits(int size) {
    words = new long[wordsFor(size)];
  }

  /// Makes room for numbers below `size`. Not while others use the set.
  void grow(int size) {
    if (wordsFor(size) > words.length) {
      words = Arrays.copyOf(words, wordsFor(size));
    }
  }

  boolean contains(int number) {
    return (words[number >>> 6] & 1L << number) != 0;
  }

  /// Adds a number and returns whether it was not there before.
  boolean add(int number) {
    long bit = 1L << number;
    if ((words[number >>> 6] & bit) != 0) {
      return false;
    }
    return ((long) WORDS.getAndBitwiseOr(words, number >>> 6, bit) & bit) == 0;
  }

  private static int wordsFor(int size) {
    return (int) (((long) size + Long.SIZE - 1) / Long.SIZE);
  }
}
