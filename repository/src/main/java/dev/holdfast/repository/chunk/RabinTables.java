package dev.holdfast.repository.chunk;

/// What a byte does to the fingerprint when it enters and when it leaves, for one polynomial.
final class RabinTables {
  static final int WINDOW_BYTES = 64;

  private static final int BYTE_VALUES = 256;

  private final long[] leaving = new long[BYTE_VALUES];
  private final long[] mod = new long[BYTE_VALUES];

  private RabinTables(Polynomial polynomial) {
    for (int b = 0; b < BYTE_VALUES; b++) {
      long high = (long) b << polynomial.degree();
      // The second part takes away the bits above the degree that the shift pushed out.
      mod[b] = new Polynomial(high).mod(polynomial).bits() | high;
    }
    for (int b = 0; b < BYTE_VALUES; b++) {
      long fingerprint = append(0, b, polynomial);
      for (int i = 0; i < WINDOW_BYTES; i++) {
        fingerprint = append(fingerprint, 0, polynomial);
      }
      leaving[b] = fingerprint;
    }
  }

  static RabinTables of(Polynomial polynomial) {
    if (polynomial.degree() != Polynomial.DEGREE) {
      throw new IllegalArgumentException("a polynomial of degree " + polynomial.degree());
    }
    return new RabinTables(polynomial);
  }

  private static long append(long fingerprint, int b, Polynomial polynomial) {
    return new Polynomial((fingerprint << Byte.SIZE) | b).mod(polynomial).bits();
  }

  /// Fingerprint of each byte followed by a window of zeros: what the byte adds to a fingerprint
  /// once it is out of the window, and so what takes it away again.
  long[] leaving() {
    return leaving;
  }

  /// What reduces a fingerprint whose top byte is the index, after it was shifted by a byte.
  long[] mod() {
    return mod;
  }
}
