package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.config.App.OnError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {
  private static final String YAML =
      """
      repositories:
        main: {location: /r, password-file: /secret}
      apps:
        my-shop:
          root: /srv
          sources:
            users.db: {path: users.db}
            server: {postgres: {settings: {host: a}}}
          tags: [one]
      """;

  private static App app(Map<String, String> environment) {
    return Yaml.configuration(YAML, environment).app("my-shop");
  }

  @Test
  void valuesAreReplacedAndValuesThatTheFileLeavesOutAreAdded() {
    App app =
        app(
            Map.of(
                "HOLDFAST_APPS_MY_SHOP_ROOT", "/other",
                "HOLDFAST_APPS_MY_SHOP_ON_ERROR", "partial",
                "HOLDFAST_APPS_MY_SHOP_SOURCES_USERS_DB_PATH", "2026",
                "HOLDFAST_APPS_MY_SHOP_SOURCES_USERS_DB_REQUIRED", "false",
                "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_SETTINGS_PORT", "5433",
                "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_DATABASES", "all",
                "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_GLOBALS", ""));
    assertThat(app.root()).contains("/other");
    assertThat(app.onError()).isEqualTo(OnError.PARTIAL);
    AppSource.Paths users = (AppSource.Paths) app.sources().getFirst();
    assertThat(users.template().text()).isEqualTo("2026");
    assertThat(users.absence()).isEqualTo(AppSource.Absence.EXPECTED);
    AppSource.Postgres server = (AppSource.Postgres) app.sources().get(1);
    assertThat(server.settings()).isEqualTo(Map.of("host", "a", "port", "5433"));
    assertThat(server.databases()).isEqualTo(new AppSource.Databases.All());
  }

  @Test
  void listIsOneItemAsItIsOrAListInBrackets() {
    assertThat(app(Map.of("HOLDFAST_APPS_MY_SHOP_TAGS", "a: b # c")).tags())
        .containsExactly("a: b # c");
    assertThat(app(Map.of("HOLDFAST_APPS_MY_SHOP_TAGS", "[a, \"b c\"]")).tags())
        .containsExactly("a", "b c");
    assertThat(app(Map.of("HOLDFAST_APPS_MY_SHOP_TAGS", "[]")).tags()).isEmpty();
    App hooked =
        app(Map.of("HOLDFAST_APPS_MY_SHOP_HOOKS_BEFORE", "[{\"run\": [\"/bin/true\", \"x\"]}]"));
    assertThat(hooked.hooks().before().getFirst().command())
        .isEqualTo(new Invocation.Words(List.of("/bin/true", "x")));
  }

  @Test
  void ofKeysThatExcludeEachOtherTheOneThatIsSetStays() {
    assertThat(
            Yaml.configuration(YAML, Map.of("HOLDFAST_REPOSITORIES_MAIN_PASSWORD_ENV", "X"))
                .repositories()
                .get("main")
                .password())
        .contains(new Secret.InVariable("X"));
    assertThat(
            Yaml.configuration(
                    YAML, Map.of("HOLDFAST_REPOSITORIES_MAIN_PASSWORD_COMMAND", "[a, b]"))
                .repositories()
                .get("main")
                .password())
        .contains(new Secret.FromCommand(new Invocation.Words(List.of("a", "b"))));
  }

  @Test
  void wrongValuesAreProblemsOfTheVariable() {
    assertThat(
            Yaml.problems(
                YAML,
                Map.of(
                    "HOLDFAST_APPS_MY_SHOP_ON_ERROR", "partal",
                    "HOLDFAST_APPS_MY_SHOP_TAGS", "[a",
                    "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_SETTINGS_PORT", "x",
                    "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_GLOBALS", "yes")))
        .contains(
            "HOLDFAST_APPS_MY_SHOP_ON_ERROR: 'on-error' cannot be 'partal': did you mean"
                + " 'partial'?",
            "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_SETTINGS_PORT: 'port' must be a whole"
                + " number from 0 to 65535, not text",
            "HOLDFAST_APPS_MY_SHOP_SOURCES_SERVER_POSTGRES_GLOBALS: 'globals' must be true or"
                + " false, not text")
        .anyMatch(problem -> problem.startsWith("HOLDFAST_APPS_MY_SHOP_TAGS: "))
        .hasSize(4);
  }

  @Test
  void variableThatBelongsToNothingIsAProblem() {
    assertThat(
            Yaml.problems(
                YAML,
                Map.of(
                    "HOLDFAST_APPS_MY_SHOP_ROOTS", "/x",
                    "HOLDFAST_REPOSITORIES_OTHER_LOCATION", "/x",
                    "HOLDFAST_APPS_MY_SHOP_HOOKS_AFTER", "",
                    "HOLDFAST_REPOSITORY", "/x",
                    "HOLDFAST_PASSWORD", "x")))
        .containsExactly(
            "HOLDFAST_APPS_MY_SHOP_ROOTS: overrides nothing that the file has: did you mean"
                + " 'HOLDFAST_APPS_MY_SHOP_ROOT'?",
            "HOLDFAST_REPOSITORIES_OTHER_LOCATION: overrides nothing that the file has: did you"
                + " mean 'HOLDFAST_REPOSITORIES_MAIN_LOCATION'?");
  }

  @Test
  void variableThatCouldMeanTwoValuesIsAProblem() {
    String yaml =
        "apps: {a-b: {root: /r, sources: {s: {path: x}}}, a_b: {root: /r, sources: {s: {path: x}}}}";
    assertThat(Yaml.problems(yaml)).isEmpty();
    assertThat(Yaml.problems(yaml, Map.of("HOLDFAST_APPS_A_B_ROOT", "/x")))
        .containsExactly(
            "HOLDFAST_APPS_A_B_ROOT: means two values: rename one of what it names in the file");
  }
}
