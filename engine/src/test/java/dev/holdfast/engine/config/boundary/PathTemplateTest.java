package dev.holdfast.engine.config.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
  private static Optional<Map<String, String>> match(String pattern, String name) {
    return switch (NamePattern.parse(pattern)) {
      case NamePattern.Literal literal ->
          literal.name().equals(name) ? Optional.of(Map.of()) : Optional.empty();
      case NamePattern.Mixed mixed -> mixed.match(name);
      case NamePattern.AnyFolders _ -> throw new AssertionError("not one name");
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "{t} blue {t=blue}",
        "{t} .hidden {t=.hidden}",
        "{t}.db a.b.db {t=a.b}",
        "{a}-{b} x-y-z {a=x,b=y-z}",
        "{b}-{a} x-y-z {b=x,a=y-z}",
        "db-{t} db-7 {t=7}",
        "*.db .db {}",
        "a*c*e abcde {}",
        "\\{t\\} {t} {}",
        "a\\*b a*b {}",
        "q?[x] q?[x] {}",
        "\\x41{t} AB {t=B}",
        "\\xc3\\xa4{t} äb {t=b}"
      })
  void nameMatchesAndBinds(String pattern, String name, String bindings) {
    assertThat(match(pattern, name)).isPresent();
    assertThat(match(pattern, name).get().toString().replace(" ", "")).isEqualTo(bindings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"{t}.db .db", "{t} ''", "*.db a.dbx", "a a.db", "db-{t} db-", "a*c ab"})
  void nameDoesNotMatch(String pattern, String name) {
    assertThat(match(pattern, name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/../b",
        "{t}/{t}",
        "{a}{b}",
        "{a}*",
        "**a**",
        "a/**",
        "**",
        "{",
        "a}",
        "{1}",
        "{a b}",
        "a\\",
        "\\q",
        "\\x2",
        "\\x2f",
        "\\x2e\\x2e",
        "\\x00"
      })
  void malformedPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> PathTemplate.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytesThatAreNotUtf8AreNamesLikeAnyOther() {
    assertThat(match("{t}", "\uDCFFx")).contains(Map.of("t", "\uDCFFx"));
    assertThat(match("\\xff{t}", "\uDCFFx")).contains(Map.of("t", "x"));
    // The low half of a pair is no byte.
    String pair = new String(Character.toChars(0x1F4FF));
    assertThat(match("{t}\\xff", pair)).isEmpty();
    assertThat(match("{t}\\xff", pair + "\uDCFF")).contains(Map.of("t", pair));
  }

  @Test
  void partsOfPathAreTakenApart() {
    PathTemplate template = PathTemplate.parse("/srv//./{a}/**/x-{b}/");
    assertThat(template.absolute()).isTrue();
    assertThat(template.foldersOnly()).isTrue();
    assertThat(template.isLiteral()).isFalse();
    assertThat(template.variables()).containsExactly("a", "b");
    assertThat(template.names()).hasSize(4);
    assertThat(PathTemplate.parse(".").names()).isEmpty();
  }

  @Test
  void quotedPathMatchesItselfAlone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> alphabet =
        List.of("{", "}", "*", "\\", "x", "4", "1", "\uDCFE", "ä", " ", "\n", ".");
    for (int i = 0; i < 2000; i++) {
      StringBuilder name = new StringBuilder("n");
      for (int k = random.nextInt(8); k > 0; k--) {
        name.append(alphabet.get(random.nextInt(alphabet.size())));
      }
      PathTemplate template = PathTemplate.parse(PathTemplate.quote(name.toString()));
      assertThat(template.names())
          .as("seed %d, name %s", seed, name)
          .containsExactly(new NamePattern.Literal(name.toString()));
    }
  }

  @Test
  @Timeout(60)
  void manyWildcardsTakeNoLongerThanTheyMust() {
    String pattern = "*a".repeat(100) + "b";
    assertThat(match(pattern, "a".repeat(255))).isEmpty();
  }
}
