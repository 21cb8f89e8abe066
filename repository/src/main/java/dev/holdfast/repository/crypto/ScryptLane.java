package dev.holdfast.repository.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// One lane of scrypt: `scryptROMix` of RFC 7914, section 5. Used again for the next lane, because
/// its memory is large.
///
/// Written for a JVM that has just started: the work is in small methods that are called a million
/// times, so that they are compiled after a few milliseconds.
final class ScryptLane {
  private static final int SALSA_WORDS = 16;
  private static final int WORDS_PER_R = Scrypt.BYTES_PER_R / Integer.BYTES;
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int n;
  private final int words;
  private final int[] memory;
  private final int[] block;
  private final int[] other;
  private final int[] salsa = new int[SALSA_WORDS];

  ScryptLane(int n, int r) {
    this.n = n;
    words = r * WORDS_PER_R;
    memory = new int[Math.multiplyExact(n, words)];
    block = new int[words];
    other = new int[words];
  }

  /// Mixes the lane that starts at `offset` of `bytes`, in place.
  void mix(byte[] bytes, int offset) {
    for (int i = 0; i < words; i++) {
      block[i] = (int) INTS.get(bytes, offset + i * Integer.BYTES);
    }
    int[] from = block;
    int[] to = other;
    for (int i = 0; i < n; i++) {
      System.arraycopy(from, 0, memory, i * words, words);
      mixBlock(from, to);
      int[] swap = from;
      from = to;
      to = swap;
    }
    for (int i = 0; i < n; i++) {
      int chosen = from[words - SALSA_WORDS] & (n - 1);
      xor(from, memory, chosen * words, words);
      mixBlock(from, to);
      int[] swap = from;
      from = to;
      to = swap;
    }
    for (int i = 0; i < words; i++) {
      INTS.set(bytes, offset + i * Integer.BYTES, from[i]);
    }
  }

  void wipe() {
    Arrays.fill(memory, 0);
    Arrays.fill(block, 0);
    Arrays.fill(other, 0);
    Arrays.fill(salsa, 0);
  }

  /// `scryptBlockMix`: even blocks go to the first half, odd ones to the second.
  private void mixBlock(int[] from, int[] to) {
    System.arraycopy(from, words - SALSA_WORDS, salsa, 0, SALSA_WORDS);
    int half = words / 2;
    for (int i = 0, at = 0; i < words; i += 2 * SALSA_WORDS, at += SALSA_WORDS) {
      salsa20(salsa, from, i, to, at);
      salsa20(salsa, from, i + SALSA_WORDS, to, half + at);
    }
  }

  private static void xor(int[] target, int[] source, int offset, int length) {
    for (int i = 0; i < length; i++) {
      target[i] ^= source[offset + i];
    }
  }

  /// Salsa20/8 of `state` xor `from`, into `state` and `to`.
  private static void salsa20(int[] state, int[] from, int fromAt, int[] to, int toAt) {
    int y0 = state[0] ^ from[fromAt + 0];
    int y1 = state[1] ^ from[fromAt + 1];
    int y2 = state[2] ^ from[fromAt + 2];
    int y3 = state[3] ^ from[fromAt + 3];
    int y4 = state[4] ^ from[fromAt + 4];
    int y5 = state[5] ^ from[fromAt + 5];
    int y6 = state[6] ^ from[fromAt + 6];
    int y7 = state[7] ^ from[fromAt + 7];
    int y8 = state[8] ^ from[fromAt + 8];
    int y9 = state[9] ^ from[fromAt + 9];
    int y10 = state[10] ^ from[fromAt + 10];
    int y11 = state[11] ^ from[fromAt + 11];
    int y12 = state[12] ^ from[fromAt + 12];
    int y13 = state[13] ^ from[fromAt + 13];
    int y14 = state[14] ^ from[fromAt + 14];
    int y15 = state[15] ^ from[fromAt + 15];
    int x0 = y0;
    int x1 = y1;
    int x2 = y2;
    int x3 = y3;
    int x4 = y4;
    int x5 = y5;
    int x6 = y6;
    int x7 = y7;
    int x8 = y8;
    int x9 = y9;
    int x10 = y10;
    int x11 = y11;
    int x12 = y12;
    int x13 = y13;
    int x14 = y14;
    int x15 = y15;
    for (int round = 0; round < 8; round += 2) {
      x4 ^= Integer.rotateLeft(x0 + x12, 7);
      x8 ^= Integer.rotateLeft(x4 + x0, 9);
      x12 ^= Integer.rotateLeft(x8 + x4, 13);
      x0 ^= Integer.rotateLeft(x12 + x8, 18);
      x9 ^= Integer.rotateLeft(x5 + x1, 7);
      x13 ^= Integer.rotateLeft(x9 + x5, 9);
      x1 ^= Integer.rotateLeft(x13 + x9, 13);
      x5 ^= Integer.rotateLeft(x1 + x13, 18);
      x14 ^= Integer.rotateLeft(x10 + x6, 7);
      x2 ^= Integer.rotateLeft(x14 + x10, 9);
      x6 ^= Integer.rotateLeft(x2 + x14, 13);
      x10 ^= Integer.rotateLeft(x6 + x2, 18);
      x3 ^= Integer.rotateLeft(x15 + x11, 7);
      x7 ^= Integer.rotateLeft(x3 + x15, 9);
      x11 ^= Integer.rotateLeft(x7 + x3, 13);
      x15 ^= Integer.rotateLeft(x11 + x7, 18);
      x1 ^= Integer.rotateLeft(x0 + x3, 7);
      x2 ^= Integer.rotateLeft(x1 + x0, 9);
      x3 ^= Integer.rotateLeft(x2 + x1, 13);
      x0 ^= Integer.rotateLeft(x3 + x2, 18);
      x6 ^= Integer.rotateLeft(x5 + x4, 7);
      x7 ^= Integer.rotateLeft(x6 + x5, 9);
      x4 ^= Integer.rotateLeft(x7 + x6, 13);
      x5 ^= Integer.rotateLeft(x4 + x7, 18);
      x11 ^= Integer.rotateLeft(x10 + x9, 7);
      x8 ^= Integer.rotateLeft(x11 + x10, 9);
      x9 ^= Integer.rotateLeft(x8 + x11, 13);
      x10 ^= Integer.rotateLeft(x9 + x8, 18);
      x12 ^= Integer.rotateLeft(x15 + x14, 7);
      x13 ^= Integer.rotateLeft(x12 + x15, 9);
      x14 ^= Integer.rotateLeft(x13 + x12, 13);
      x15 ^= Integer.rotateLeft(x14 + x13, 18);
    }
    to[toAt + 0] = state[0] = x0 + y0;
    to[toAt + 1] = state[1] = x1 + y1;
    to[toAt + 2] = state[2] = x2 + y2;
    to[toAt + 3] = state[3] = x3 + y3;
    to[toAt + 4] = state[4] = x4 + y4;
    to[toAt + 5] = state[5] = x5 + y5;
    to[toAt + 6] = state[6] = x6 + y6;
    to[toAt + 7] = state[7] = x7 + y7;
    to[toAt + 8] = state[8] = x8 + y8;
    to[toAt + 9] = state[9] = x9 + y9;
    to[toAt + 10] = state[10] = x10 + y10;
    to[toAt + 11] = state[11] = x11 + y11;
    to[toAt + 12] = state[12] = x12 + y12;
    to[toAt + 13] = state[13] = x13 + y13;
    to[toAt + 14] = state[14] = x14 + y14;
    to[toAt + 15] = state[15] = x15 + y15;
  }
}
