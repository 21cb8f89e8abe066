package dev.holdfast.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.OsString;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatternFileTest {
  private static String environment(String name) {
    return Map.of("HOME", "/home/me", "A_1", "one").getOrDefault(name, "");
  }

  @Test
  void commentsAndEmptyLinesAreSkippedAndSpaceAroundIsTakenOff() {
    byte[] text = "# comment\n\n  *.tmp \r\n\t# another\nlast".getBytes(StandardCharsets.UTF_8);
    assertThat(PatternFile.parse(text, PatternFileTest::environment))
        .containsExactly("*.tmp", "last");
  }

  @ParameterizedTest
  @CsvSource({
    "$HOME/x, /home/me/x",
    "${HOME}x, /home/mex",
    "a$A_1-b, aone-b",
    "$$x, $x",
    "$UNSET/x, /x",
    "100$, 100$",
    "$ x, $ x",
    "${}x, x",
    "${x, x",
  })
  void variablesAreReplacedAsGoDoes(String line, String expected) {
    assertThat(PatternFile.expand(line, PatternFileTest::environment)).isEqualTo(expected);
  }

  @Test
  void byteOrderMarkDecidesTheEncoding() {
    byte[] marked = "\ufeff*.\u00e4".getBytes(StandardCharsets.UTF_8);
    assertThat(PatternFile.parse(marked, PatternFileTest::environment)).containsExactly("*.\u00e4");
    byte[] wide = "\ufeff*.\u00e4\n".getBytes(StandardCharsets.UTF_16LE);
    assertThat(PatternFile.parse(wide, PatternFileTest::environment)).containsExactly("*.\u00e4");
  }

  @Test
  void bytesThatAreNotUtf8AreKept() {
    byte[] text = {'a', (byte) 0xff, '\n'};
    assertThat(PatternFile.parse(text, PatternFileTest::environment))
        .containsExactly(OsString.decode(new byte[] {'a', (byte) 0xff}));
  }
}
