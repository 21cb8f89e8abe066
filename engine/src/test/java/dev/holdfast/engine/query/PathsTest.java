package dev.holdfast.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {
  @ParameterizedTest
  @CsvSource({"/,/", "//a//b/,/a/b", "/a/./b/../c,/a/c", "/../..,/", "a,/a"})
  void pathsAreCleaned(String path, String clean) {
    assertThat(Paths.clean(path)).isEqualTo(clean);
  }

  @Test
  void directoriesHoldWhatIsBelowThemAndNotWhatIsNamedAlike() {
    assertThat(Paths.isWithin("/a/b", "/a/b")).isTrue();
    assertThat(Paths.isWithin("/a/b", "/a/b/c")).isTrue();
    assertThat(Paths.isWithin("/a/b", "/a/bc")).isFalse();
    assertThat(Paths.isWithin("/", "/anything")).isTrue();
    assertThat(Paths.child("/", "a")).isEqualTo("/a");
    assertThat(Paths.name("/a/b")).isEqualTo("b");
  }
}
