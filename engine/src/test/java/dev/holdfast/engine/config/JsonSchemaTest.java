package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.engine.config.shape.Shape;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The published schema and the loader say the same of the same files, by a validator that neither
/// was made with.
class JsonSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ConfigurationShape.jsonSchema(), InputFormat.JSON);

  private static boolean schemaAccepts(String yaml) {
    return SCHEMA.validate(yaml, InputFormat.YAML).isEmpty();
  }

  @Test
  void publishedSchemaIsTheOneOfTheLoader() {
    assertThat(Yaml.document("docs/holdfast.schema.json"))
        .as("run: ./holdfast config schema > docs/holdfast.schema.json")
        .isEqualTo(ConfigurationShape.jsonSchema());
  }

  @Test
  void exampleOfTheManualIsValid() {
    assertThat(SCHEMA.validate(Yaml.manual(), InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dodeka", "hitkeep", "kestrel", "tracearr"})
  void configurationsOfTheExamplesAreValidForBoth(String example) {
    String yaml = Yaml.document("examples/" + example + "/holdfast.yaml");
    assertThat(SCHEMA.validate(yaml, InputFormat.YAML)).isEmpty();
    assertThat(Yaml.problems(yaml)).isEmpty();
  }

  static Stream<Arguments> files() {
    // Those that a schema cannot refuse: what refers to what, and patterns inside of text.
    String semantic =
        "does not say which|no pattern|is relative|holds a password|names none|invalid pattern|names no program|names no file|is zero|has no source|no source|set by itself|no such source|nothing would be|needs|is more than|is less than|no repository|no rule that|under 'copies' twice|own repository";
    String syntax =
        "aliases|anchors|stands for an alias|has ended before this|at this colon|tags are|second document|a tab|character that YAML|the file is empty|a key must be";
    return ProblemMessagesTest.wrongFiles()
        .filter(arguments ->
            !((String) arguments.get()[1]).matches(".*(" + semantic + "|" + syntax + ").*"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatTheLoaderRefusesForItsShapeTheSchemaRefuses(String yaml, String problem) {
    assertThat(schemaAccepts(yaml))
        .as("schema accepts what has the problem: %s", problem)
        .isFalse();
  }

  @Test
  void everyWordOfEveryChoiceIsAcceptedByBoth() {
    for (String compression : new String[] {"auto", "off", "fastest", "better", "max", "best"}) {
      for (String onError : new String[] {"fail", "partial", "ignore"}) {
        for (String newer : new String[] {"refuse", "unverified", "accept"}) {
          // `off` is a word in YAML 1.2.
          String file =
              """
              repositories: {r: {location: /r, compression: %s}}
              apps: {a: {root: /r, sources: {s: {path: x}}, on-error: %s, duckdb: {newer: %s}}}
              """
                  .formatted(compression, onError, newer);
          boolean right =
              !compression.equals("best") && !onError.equals("ignore") && !newer.equals("accept");
          assertThat(Yaml.problems(file).isEmpty()).as(file).isEqualTo(right);
          assertThat(schemaAccepts(file)).as(file).isEqualTo(right);
        }
      }
    }
  }

  @Test
  void everyKeyIsInTheManual() {
    String manual = Yaml.document("docs/configuration.md");
    assertThat(keys(ConfigurationShape.ROOT))
        .isNotEmpty()
        .allMatch(key -> manual.contains(key + ":"));
  }

  private static Set<String> keys(Shape shape) {
    Set<String> keys = new TreeSet<>();
    switch (shape) {
      case Shape.Named named -> keys.addAll(keys(named.entry()));
      case Shape.ListOf list -> keys.addAll(keys(list.item()));
      case Shape.Struct struct -> {
        // The keywords of libpq are in its own manual.
        for (Shape.Key key :
            struct.what().equals("settings") ? List.<Shape.Key>of() : struct.keys()) {
          keys.add(key.name());
          keys.addAll(keys(key.shape()));
        }
      }
      case Shape.Text _, Shape.Choice _, Shape.YesNo _, Shape.Whole _ -> {}
    }
    return keys;
  }
}
