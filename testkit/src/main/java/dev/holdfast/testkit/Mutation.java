package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/// Makes one input out of a corpus: a member of it with a few changes of the kinds that parsers
/// stumble over.
final class Mutation {
  /// Keeps inputs small, so that many are tried.
  private static final int MAX_BYTES = 1 << 16;

  private static final int MAX_CHANGES = 6;

  private static final int[] NUMBERS = {
    0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 31, 32, 33, 0xffff, 0x10000, 0x7fff_fff0, -32
  };

  private static final List<byte[]> WORDS =
      List.of(
          bytes("null"),
          bytes("true"),
          bytes("{}"),
          bytes("[]"),
          bytes("[[[["),
          bytes("\"\""),
          bytes("-1"),
          bytes("1e9"),
          bytes("1E999999999"),
          bytes("0.5"),
          bytes("4294967296"),
          bytes("9223372036854775807"),
          bytes("9223372036854775808"),
          bytes("18446744073709551616"),
          bytes("99999999999999999999999999999999999999999"),
          bytes("\\u0000"),
          bytes("\\ud800"),
          bytes("\\\\ud800"),
          bytes("\\\\xff"),
          bytes("\\\\U00110000"),
          bytes("\\\\777"),
          bytes("/"),
          bytes(".."),
          bytes("**"),
          bytes("["),
          bytes("-"),
          bytes("+18:00"),
          bytes("0000-02-30T24:60:61"),
          new byte[] {(byte) 0xc0, (byte) 0x80},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
          new byte[] {0});

  private final SplittableRandom random;
  private final List<byte[]> corpus;

  Mutation(SplittableRandom random, List<byte[]> corpus) {
    this.random = random;
    this.corpus = corpus;
  }

  byte[] next() {
    byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
    int changes = 1 + random.nextInt(MAX_CHANGES);
    for (int i = 0; i < changes; i++) {
      input = changed(input);
    }
    return input.length > MAX_BYTES
        ? ByteBuffer.allocate(MAX_BYTES).put(input, 0, MAX_BYTES).array()
        : input;
  }

  private byte[] changed(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + 1 + random.nextInt(1 + random.nextInt(64)));
    return switch (random.nextInt(10)) {
      case 0 -> flipped(input);
      case 1 -> joined(input, at, new byte[0], end);
      case 2 -> joined(input, at, random(1 + random.nextInt(8)), at);
      case 3 -> joined(input, at, random(end - at), end);
      case 4 -> joined(input, at, WORDS.get(random.nextInt(WORDS.size())), at);
      case 5 -> joined(input, at, WORDS.get(random.nextInt(WORDS.size())), end);
      case 6 -> repeated(input, at, end);
      case 7 -> number(input, at);
      case 8 -> spliced(input, at);
      default -> joined(input, at, new byte[0], random.nextInt(4) == 0 ? input.length : at);
    };
  }

  private byte[] flipped(byte[] input) {
    if (input.length > 0) {
      input[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return input;
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] repeated(byte[] input, int from, int to) {
    int times = 1 + random.nextInt(1 + random.nextInt(200));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.write(input, from, to - from);
    }
    return joined(input, from, out.toByteArray(), from);
  }

  private byte[] number(byte[] input, int at) {
    if (at + Integer.BYTES <= input.length) {
      ByteBuffer.wrap(input)
          .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
          .putInt(at, NUMBERS[random.nextInt(NUMBERS.length)]);
    }
    return input;
  }

  private byte[] spliced(byte[] input, int at) {
    byte[] other = corpus.get(random.nextInt(corpus.size()));
    int from = random.nextInt(other.length + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, at);
    out.write(other, from, other.length - from);
    return out.toByteArray();
  }

  /// The input up to `from`, `middle`, and the input from `to` on.
  private static byte[] joined(byte[] input, int from, byte[] middle, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, from);
    out.writeBytes(middle);
    out.write(input, to, input.length - to);
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
