package dev.holdfast.repository.format;

final class GoPrintable {
  private GoPrintable() {}

  static boolean contains(int c) {
    return c >= 0xa1 && c < 0x378 && c != 0xad;
  }
}
