package dev.holdfast.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What restic's manual and behaviour say of patterns.
final class PathFilterTest {
  @ParameterizedTest
  @CsvSource({
    // names anywhere
    "*.go, /home/user/work/file.go, true",
    "*.c, /home/user/work/file.go, false",
    "file.go, /home/user/work/file.go, true",
    "file.go, relative/file.go, true",
    "File.go, /home/user/file.go, false",
    "?ile.go, /home/user/file.go, true",
    "?, /home/user/file.go, false",
    // a directory matches with everything in it
    "work, /home/user/work/file.go, true",
    "work/file.go, /home/user/work/file.go, true",
    "user/file.go, /home/user/work/file.go, false",
    "user/*, /home/user/work/file.go, true",
    "user/*/*.go, /home/user/work/file.go, true",
    // anchored
    "/home, /home/user/file.go, true",
    "/user, /home/user/file.go, false",
    "/home/, /home/user, true",
    "/home/*, /home, false",
    "/home/*, /home/user, true",
    "/home/*/file.go, /home/user/work/file.go, false",
    "/home, home/user, false",
    // cleaned
    "/home///user, /home/user, true",
    "/home/../etc, /etc/passwd, true",
    "./work, /home/work, true",
    // any number of directories
    "/home/**/file.go, /home/file.go, true",
    "/home/**/file.go, /home/a/b/c/file.go, true",
    "/home/**/file.go, /etc/a/file.go, false",
    "user/**/x/**/c, /home/user/1/x/2/3/c, true",
    "user/**/x/**/c, /home/user/1/y/2/3/c, false",
    "**, /anything/at/all, true",
    // sets and escapes
    "[a-c]at, /bin/cat, true",
    "[^a-c]at, /bin/cat, false",
    "[^a-b]at, /bin/cat, true",
    "[xyzc]at, /bin/cat, true",
    "\\*, /bin/x, false",
    "\\*, /bin/*, true",
    "a\\?c, /a?c, true",
    "a\\?c, /abc, false",
    "[\\]]x, /]x, true",
    "a*b*c, /aXXbYYc, true",
    "a*b*c, /aXXbYY, false",
    "*a*, /bca, true",
  })
  void patternMatchesAsResticSays(String pattern, String path, boolean matches) {
    assertThat(PathFilter.of(List.of(pattern)).matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/home/user/*, /home, true",
    "/home/user/*, /etc, false",
    "/home/*/x, /home/a, true",
    "/home/*/x, /home/a/y, false",
    "/home/**/x, /home/a/y, true",
    "x, /home/a, true",
    "/home, /home/a, true",
    "/**/x, /home, true",
  })
  void patternTellsWhetherItMayMatchBelow(String pattern, String path, boolean mayMatch) {
    assertThat(PathFilter.of(List.of(pattern)).match(path).childMayMatch()).isEqualTo(mayMatch);
  }

  @Test
  void negatedPatternTakesBackWhatAnEarlierOneMatched() {
    PathFilter filter = PathFilter.of(List.of("/home/*/*", "!*.keep", "secret.keep"));
    assertThat(filter.matches("/home/user/file")).isTrue();
    assertThat(filter.matches("/home/user/file.keep")).isFalse();
    assertThat(filter.matches("/home/user/secret.keep")).isTrue();
  }

  @Test
  void negatedPatternAloneMatchesNothing() {
    assertThat(PathFilter.of(List.of("!**")).matches("/home")).isFalse();
  }

  @Test
  void lettersOfEitherCaseMatchWhenCaseIsIgnored() {
    PathFilter filter = PathFilter.ignoringCase(List.of("*.JPG", "\u00c4*"));
    assertThat(filter.matches("/photos/Summer.jpg")).isTrue();
    assertThat(filter.matches("/photos/\u00e4pfel")).isTrue();
    assertThat(filter.matches("/photos/summer.png")).isFalse();
  }

  @Test
  void byteThatIsNotUtf8CountsAsOneCharacter() {
    String name = OsString.decode(new byte[] {'a', (byte) 0xff, 'b'});
    assertThat(PathFilter.of(List.of("a?b")).matches("/x/" + name)).isTrue();
    assertThat(PathFilter.of(List.of(name)).matches("/x/" + name)).isTrue();
    assertThat(PathFilter.of(List.of("a??b")).matches("/x/" + name)).isFalse();
  }

  @Test
  void characterBeyondTheBasicPlaneCountsAsOne() {
    assertThat(PathFilter.of(List.of("?")).matches("/\ud83d\ude00")).isTrue();
    assertThat(PathFilter.of(List.of("[\ud83d\ude00-\ud83d\ude05]")).matches("/\ud83d\ude01"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "a[", "[]", "[]a]", "[a-]", "[-a]", "[^]", "x/[a/y", "a\\", "[a"})
  void malformedPatternIsRejected(String pattern) {
    assertThatThrownBy(() -> PathFilter.of(List.of(pattern)))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining(pattern);
  }

  @Test
  void emptyPatternsAreLeftOut() {
    assertThat(PathFilter.of(List.of("", ""))).isSameAs(PathFilter.NONE);
    assertThat(PathFilter.NONE.matches("/home")).isFalse();
  }
}
