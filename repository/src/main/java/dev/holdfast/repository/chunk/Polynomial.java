package dev.holdfast.repository.chunk;

import java.security.SecureRandom;

/// A polynomial over GF(2), bit i being the coefficient of x^i.
public record Polynomial(long bits) {
  /// Degree of a repository's polynomial.
  public static final int DEGREE = 53;

  private static final Polynomial X = new Polynomial(2);

  /// A random irreducible polynomial of [#DEGREE], as a new repository needs.
  public static Polynomial random(SecureRandom random) {
    long mask = (1L << DEGREE) - 1;
    while (true) {
      Polynomial candidate = new Polynomial((random.nextLong() & mask) | (1L << DEGREE) | 1);
      if (candidate.isIrreducible()) {
        return candidate;
      }
    }
  }

  /// The highest power, -1 for the zero polynomial.
  public int degree() {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
  }

  /// Whether no polynomial of lower degree but 1 divides this one (Ben-Or's test).
  public boolean isIrreducible() {
    if (degree() < 1) {
      return false;
    }
    Polynomial power = X.mod(this);
    for (int i = 1; i <= degree() / 2; i++) {
      // x^(2^i) - x is the product of all irreducible polynomials whose degree divides i.
      power = power.multiplyMod(power, this);
      if (gcd(new Polynomial(power.bits ^ X.bits)).bits != 1) {
        return false;
      }
    }
    return true;
  }

  /// The remainder of the division by `divisor`, which is not zero.
  Polynomial mod(Polynomial divisor) {
    if (divisor.bits == 0) {
      throw new ArithmeticException("division by the zero polynomial");
    }
    long rest = bits;
    int degree = divisor.degree();
    for (int d = degree(); d >= degree; d = new Polynomial(rest).degree()) {
      rest ^= divisor.bits << (d - degree);
    }
    return new Polynomial(rest);
  }

  /// This times `other`, reduced by `modulus`, of which both are remainders.
  Polynomial multiplyMod(Polynomial other, Polynomial modulus) {
    long product = 0;
    long shifted = bits;
    long top = 1L << modulus.degree();
    for (long factor = other.bits; factor != 0; factor >>>= 1) {
      product ^= (factor & 1) == 0 ? 0 : shifted;
      shifted <<= 1;
      shifted ^= (shifted & top) == 0 ? 0 : modulus.bits;
    }
    return new Polynomial(product);
  }

  private Polynomial gcd(Polynomial other) {
    Polynomial a = this;
    Polynomial b = other;
    while (b.bits != 0) {
      Polynomial rest = a.mod(b);
      a = b;
      b = rest;
    }
    return a;
  }
}
