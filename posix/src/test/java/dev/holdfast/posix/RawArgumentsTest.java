package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawArgumentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void argumentsArriveByteForByteUnderEveryLocale(String locale) throws Exception {
    String words =
        "backup \"$(printf 'a\\377b')\" \"$(printf '\\303(')\" \"$(printf '\\303\\244')\" ''"
            + " 'what?' \"$(printf '\\360\\237\\230\\200')\" \"$(printf '\\355\\240\\200')\"";
    try (ChildJvm child = ChildJvm.startByShell(locale, ArgumentsProgram.class, words)) {
      assertThat(child.readAllLines())
          .containsExactly(
              "<6261636b7570>",
              "<61ff62>",
              "<c328>",
              "<c3a4>",
              "<>",
              "<776861743f>",
              "<f09f9880>",
              "<eda080>");
      assertThat(child.waitFor()).isZero();
    }
  }

  @Test
  void wordsOfTheVirtualMachineComeBeforeAndAreLeftOut() {
    assertThat(align("6a617661 00 2d6a6172 00 78 00 ff 00", "\uFFFD")).containsExactly("\uDCFF");
    assertThat(align("6a617661 00 78 00", new String[0])).isEmpty();
  }

  @Test
  void argumentsThatTheCommandLineDoesNotHoldAreKeptAsTheyAre() {
    assertThat(align("6a617661 00 4066696c65 00", "from", "file")).containsExactly("from", "file");
    assertThat(align("6a617661 00 78 00 4066696c65 00", "from")).containsExactly("from");
    assertThat(align("", "x")).containsExactly("x");
    assertThat(align("78", "x")).containsExactly("x");
  }

  private static Iterable<String> align(String hex, String... arguments) {
    return RawArguments.align(HexFormat.of().parseHex(hex.replace(" ", "")), arguments);
  }
}
