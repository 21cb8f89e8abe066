package dev.holdfast.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.testkit.Fuzzer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever is given as a pattern, it is prepared or refused, and decides on any path.
class PatternFuzzTest {
  private static final int LONGEST_PATH = 4096;

  @Test
  void patternsDecideOrAreRefused() {
    Fuzzer.of(PatternFuzzTest.class, "pattern")
        .allowing(Rejected.class)
        .withMaxAllocatedBytes(1L << 30) // little at a time
        .run(input -> {
          String text = OsString.decode(input);
          int newline = text.indexOf('\n');
          String pattern = newline < 0 ? text : text.substring(0, newline);
          String path = newline < 0 ? "/a/b" : "/" + text.substring(newline + 1);
          path = path.substring(0, Math.min(path.length(), LONGEST_PATH));
          PathFilter filter = PathFilter.of(List.of(pattern));
          boolean matched = filter.matches(path);
          assertThat(filter.match(path).matched()).isEqualTo(matched);
          PathFilter.ignoringCase(List.of(pattern, "!" + pattern)).match(path);
        });
  }

  @Test
  void manyWildDirectoriesAreDecidedInTime() {
    String pattern = "/**/a".repeat(40);
    String path = "/b".repeat(60);

    assertThat(PathFilter.of(List.of(pattern)).matches(path)).isFalse();
    assertThat(PathFilter.of(List.of("/**".repeat(40) + "/x")).matches(path)).isFalse();
  }

  @Test
  void patternFilesAreRead() {
    Fuzzer.of(PatternFuzzTest.class, "pattern-file")
        .run(input -> PatternFile.parse(input, name -> "value of " + name));
  }
}
