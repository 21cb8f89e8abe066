package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OsStringTest {
  /// One byte of each kind that table 3-7 of the Unicode standard tells apart, and its neighbours.
  private static final int[] TELLING_BYTES = {
    0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
    0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFE, 0xFF
  };

  @Test
  void everySequenceOfOneAndTwoBytesComesBack() {
    for (int a = 0; a < 256; a++) {
      checkRoundTrip((byte) a);
      for (int b = 0; b < 256; b++) {
        checkRoundTrip((byte) a, (byte) b);
      }
    }
  }

  @Test
  void everySequenceOfFourTellingBytesComesBack() {
    for (int a : TELLING_BYTES) {
      for (int b : TELLING_BYTES) {
        for (int c : TELLING_BYTES) {
          checkRoundTrip((byte) a, (byte) b, (byte) c);
          for (int d : TELLING_BYTES) {
            checkRoundTrip((byte) a, (byte) b, (byte) c, (byte) d);
          }
        }
      }
    }
  }

  @Test
  void everyCodePointIsItself() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        String text = Character.toString(codePoint);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!OsString.decode(bytes).equals(text) || !Arrays.equals(OsString.encode(text), bytes)) {
          assertThat(OsString.decode(bytes)).as("U+%x", codePoint).isEqualTo(text);
          assertThat(OsString.encode(text)).as("U+%x", codePoint).isEqualTo(bytes);
        }
      }
    }
  }

  @Test
  void randomBytesComeBack() {
    Random random = seeded("randomBytesComeBack");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      checkRoundTrip(bytes);
      checkRoundTrip(mostlyText(random));
    }
  }

  @Test
  void overlongFormsAreEscapedByteByByte() {
    assertThat(decodeHex("c0af")).isEqualTo("\uDCC0\uDCAF");
    assertThat(decodeHex("e080af")).isEqualTo("\uDCE0\uDC80\uDCAF");
    assertThat(decodeHex("f08080af")).isEqualTo("\uDCF0\uDC80\uDC80\uDCAF");
    assertThat(decodeHex("c080")).isEqualTo("\uDCC0\uDC80");
  }

  @Test
  void encodedSurrogatesAreEscapedByteByByte() {
    assertThat(decodeHex("eda080")).isEqualTo("\uDCED\uDCA0\uDC80");
    assertThat(decodeHex("edbfbf")).isEqualTo("\uDCED\uDCBF\uDCBF");
    assertThat(decodeHex("edb280")).isEqualTo("\uDCED\uDCB2\uDC80");
    assertThat(decodeHex("ed9fbf")).isEqualTo("\uD7FF");
  }

  @Test
  void valuesBeyondUnicodeAreEscapedByteByByte() {
    assertThat(decodeHex("f4908080")).isEqualTo("\uDCF4\uDC90\uDC80\uDC80");
    assertThat(decodeHex("f5808080")).isEqualTo("\uDCF5\uDC80\uDC80\uDC80");
  }

  @Test
  void truncatedSequencesAreEscapedAndTheTextAfterThemIsKept() {
    assertThat(decodeHex("c328")).isEqualTo("\uDCC3(");
    assertThat(decodeHex("e282")).isEqualTo("\uDCE2\uDC82");
    assertThat(decodeHex("e28241c3a4ff")).isEqualTo("\uDCE2\uDC82Aä\uDCFF");
  }

  @Test
  void theReplacementCharacterItselfIsOrdinaryText() {
    assertThat(decodeHex("efbfbd")).isEqualTo("\uFFFD");
    assertThat(decodeHex("efbfbdff")).isEqualTo("\uFFFD\uDCFF");
    assertThat(OsString.isValidUtf8("\uFFFD")).isTrue();
  }

  @Test
  void partOfAnArrayIsDecoded() {
    byte[] bytes = {'a', 'b', (byte) 0xff, 'c'};
    assertThat(OsString.decode(bytes, 1, 2)).isEqualTo("b\uDCFF");
  }

  @Test
  void surrogatesThatStandForNoByteAreRefused() {
    for (String text : new String[] {"\uD800", "a\uDC7F", "\uDD00b", "\uDBFF", "\uDFFF"}) {
      assertThat(OsString.isValidUtf8(text)).isFalse();
      assertThatThrownBy(() -> OsString.encode(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("stands for no byte");
    }
  }

  @Test
  void namesAreOrderedByTheirBytes() {
    Random random = seeded("namesAreOrderedByTheirBytes");
    for (int i = 0; i < 50_000; i++) {
      byte[] left = mostlyText(random);
      byte[] right = i % 3 == 0 ? changed(left, random) : mostlyText(random);
      int byBytes = Integer.signum(Arrays.compareUnsigned(left, right));
      int byName = OsString.compare(OsString.decode(left), OsString.decode(right));
      if (Integer.signum(byName) != byBytes) {
        assertThat(byName).as("%s, %s", hex(left), hex(right)).isEqualTo(byBytes);
      }
    }
  }

  @Test
  void charactersBeyondThePlaneOfSurrogatesAreOrderedAsInUtf8NotAsInJava() {
    assertThat(OsString.compare("\uFFFD", "\uD83D\uDE00")).isNegative();
    assertThat(OsString.compare("\uDC80", "\u00E4")).isNegative();
    assertThat(OsString.compare("\uDCFF", "\uD83D\uDE00")).isPositive();
    assertThat(OsString.compare("a", "ab")).isNegative();
    assertThat(OsString.compare("a", "a")).isZero();
  }

  @Test
  void peopleSeeEscapesForWhatWouldDisturbATerminal() {
    assertThat(OsString.display("plain äöü 漢字 \uD83D\uDE00"))
        .isEqualTo("plain äöü 漢字 \uD83D\uDE00");
    assertThat(OsString.display("\uDCFFx")).isEqualTo("\\xffx");
    assertThat(OsString.display("a\nb\u001B[31m")).isEqualTo("a\\x0ab\\x1b[31m");
    assertThat(OsString.display("\u009B")).isEqualTo("\\xc2\\x9b");
    assertThat(OsString.display("\u202Etxt.exe")).isEqualTo("\\xe2\\x80\\xaetxt.exe");
    assertThat(OsString.display("\u2028")).isEqualTo("\\xe2\\x80\\xa8");
  }

  /// Checks without an assertion object per call: there are a million of them.
  private static void checkRoundTrip(byte... bytes) {
    String name = OsString.decode(bytes);
    boolean valid = isStrictUtf8(bytes);
    if (!Arrays.equals(OsString.encode(name), bytes) || OsString.isValidUtf8(name) != valid) {
      assertThat(OsString.encode(name)).as(hex(bytes)).isEqualTo(bytes);
      assertThat(OsString.isValidUtf8(name)).as(hex(bytes)).isEqualTo(valid);
    }
  }

  private static boolean isStrictUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static byte[] mostlyText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(6);
    for (int i = 0; i < length; i++) {
      text.append(
          switch (random.nextInt(6)) {
            case 0 -> Character.toString('a' + random.nextInt(3));
            case 1 -> Character.toString(0xE0 + random.nextInt(3));
            case 2 -> Character.toString(0xFFF0 + random.nextInt(13));
            case 3 -> Character.toString(0x1F600 + random.nextInt(3));
            default -> Character.toString(0xDC80 + random.nextInt(128));
          });
    }
    return OsString.encode(text.toString());
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] other = Arrays.copyOf(bytes, bytes.length + 1);
    other[random.nextInt(other.length)] = (byte) random.nextInt(256);
    return other;
  }

  /// Replayed with `-Dholdfast.seed=N`.
  private static Random seeded(String test) {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.err.println(test + ": holdfast.seed=" + seed);
    return new Random(seed);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String decodeHex(String hex) {
    return OsString.decode(HexFormat.of().parseHex(hex));
  }
}
