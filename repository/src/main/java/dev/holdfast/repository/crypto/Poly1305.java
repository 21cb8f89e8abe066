package dev.holdfast.repository.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The one-time authenticator of RFC 8439, section 2.5. Not thread-safe; keeps nothing of a key
/// between messages.
///
/// Numbers below 2^130 are held in limbs of 44, 44 and 42 bits. A product of limbs is taken apart
/// at bit 44: its low part by a plain multiplication, its high part by a multiplication of factors
/// that were shifted left by 20 bits together, so that the part above bit 64 is what is wanted. All
/// sums then fit 64 bits and no carry has to be found out. No branch and no index depends on a
/// secret.
final class Poly1305 implements Primitives.Authenticator {
  static final int KEY_BYTES = 32;
  static final int TAG_BYTES = 16;

  private static final int BLOCK_BYTES = 16;
  private static final long MASK_44 = (1L << 44) - 1;
  private static final long MASK_42 = (1L << 42) - 1;
  private static final long CLAMP_LOW = 0x0ffffffc0fffffffL;
  private static final long CLAMP_HIGH = 0x0ffffffc0ffffffcL;

  /// The bit after the 128 bits of a whole block, in the third limb.
  private static final long PAD_BIT = 1L << (128 - 88);

  /// 2^132 is 4 * 5 modulo the prime: what lies three limbs up comes back times twenty.
  private static final int FOLD = 20;

  /// How the 20 bits are shared: accumulator limbs have room for 16 more, factors for 4.
  private static final int SUM_SHIFT = 16;

  private static final int FACTOR_SHIFT = 20 - SUM_SHIFT;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] lastBlock = new byte[BLOCK_BYTES];
  private long h0;
  private long h1;
  private long h2;

  @Override
  public void tag(byte[] key, byte[] message, int offset, int length, byte[] tag, int tagOffset) {
    long low = (long) LONGS.get(key, 0) & CLAMP_LOW;
    long high = (long) LONGS.get(key, 8) & CLAMP_HIGH;
    long r0 = low & MASK_44;
    long r1 = ((low >>> 44) | (high << 20)) & MASK_44;
    long r2 = high >>> 24;
    h0 = 0;
    h1 = 0;
    h2 = 0;
    int whole = length & -BLOCK_BYTES;
    addBlocks(r0, r1, r2, message, offset, whole, PAD_BIT);
    int rest = length - whole;
    if (rest > 0) {
      Arrays.fill(lastBlock, (byte) 0);
      System.arraycopy(message, offset + whole, lastBlock, 0, rest);
      lastBlock[rest] = 1;
      addBlocks(r0, r1, r2, lastBlock, 0, BLOCK_BYTES, 0);
    }
    reduce();
    writeSum((long) LONGS.get(key, 16), (long) LONGS.get(key, 24), tag, tagOffset);
  }

  /// Nothing is kept that would have to be wiped.
  @Override
  public void close() {}

  /// h = (h + block) * r, partly reduced, for each block of `data`.
  private void addBlocks(
      long r0, long r1, long r2, byte[] data, int offset, int length, long padBit) {
    long a0 = h0;
    long a1 = h1;
    long a2 = h2;
    long s1 = r1 * FOLD;
    long s2 = r2 * FOLD;
    long r0Up = r0 << FACTOR_SHIFT;
    long r1Up = r1 << FACTOR_SHIFT;
    long r2Up = r2 << FACTOR_SHIFT;
    long s1Up = s1 << FACTOR_SHIFT;
    long s2Up = s2 << FACTOR_SHIFT;
    for (int i = offset, end = offset + length; i < end; i += BLOCK_BYTES) {
      long m0 = (long) LONGS.get(data, i);
      long m1 = (long) LONGS.get(data, i + Long.BYTES);
      a0 += m0 & MASK_44;
      a1 += ((m0 >>> 44) | (m1 << 20)) & MASK_44;
      a2 += (m1 >>> 24) | padBit;

      long low0 = low(a0, r0) + low(a1, s2) + low(a2, s1);
      long low1 = low(a0, r1) + low(a1, r0) + low(a2, s2);
      long low2 = low(a0, r2) + low(a1, r1) + low(a2, r0);
      long b0 = a0 << SUM_SHIFT;
      long b1 = a1 << SUM_SHIFT;
      long b2 = a2 << SUM_SHIFT;
      long high0 = high(b0, r0Up) + high(b1, s2Up) + high(b2, s1Up);
      long high1 = high(b0, r1Up) + high(b1, r0Up) + high(b2, s2Up);
      long high2 = high(b0, r2Up) + high(b1, r1Up) + high(b2, r0Up);

      low1 += (low0 >>> 44) + high0;
      low2 += (low1 >>> 44) + high1;
      // The third limb ends at bit 130, two bits below where its products were taken apart.
      a0 = (low0 & MASK_44) + 5 * ((low2 >>> 42) + (high2 << 2));
      a1 = (low1 & MASK_44) + (a0 >>> 44);
      a2 = low2 & MASK_42;
      a0 &= MASK_44;
    }
    h0 = a0;
    h1 = a1;
    h2 = a2;
  }

  private static long low(long sum, long factor) {
    return (sum * factor) & MASK_44;
  }

  private static long high(long shiftedSum, long shiftedFactor) {
    return Math.unsignedMultiplyHigh(shiftedSum, shiftedFactor);
  }

  /// Brings h below the prime. Twice around carries whatever there is.
  private void reduce() {
    for (int i = 0; i < 2; i++) {
      h1 += h0 >>> 44;
      h0 &= MASK_44;
      h2 += h1 >>> 44;
      h1 &= MASK_44;
      h0 += 5 * (h2 >>> 42);
      h2 &= MASK_42;
    }
    h1 += h0 >>> 44;
    h0 &= MASK_44;
    // If h + 5 reaches 2^130 then h is at least the prime, and the rest of h + 5 is h less it.
    long g0 = h0 + 5;
    long g1 = h1 + (g0 >>> 44);
    long g2 = h2 + (g1 >>> 44);
    long reached = -(g2 >>> 42);
    h0 = (h0 & ~reached) | (g0 & MASK_44 & reached);
    h1 = (h1 & ~reached) | (g1 & MASK_44 & reached);
    h2 = (h2 & ~reached) | (g2 & MASK_42 & reached);
  }

  private void writeSum(long s0, long s1, byte[] tag, int tagOffset) {
    long low = h0 | (h1 << 44);
    long high = (h1 >>> 20) | (h2 << 24);
    long sum = low + s0;
    long carry = ((low & s0) | ((low | s0) & ~sum)) >>> 63;
    LONGS.set(tag, tagOffset, sum);
    LONGS.set(tag, tagOffset + Long.BYTES, high + s1 + carry);
    h0 = 0;
    h1 = 0;
    h2 = 0;
  }
}
