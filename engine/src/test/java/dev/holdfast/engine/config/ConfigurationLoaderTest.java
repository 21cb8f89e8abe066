package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.config.App.NewerDuckDb;
import dev.holdfast.engine.config.App.OnError;
import dev.holdfast.engine.config.AppSource.Databases;
import dev.holdfast.engine.config.Hooks.Hook;
import dev.holdfast.engine.retention.KeepRules;
import dev.holdfast.engine.retention.Period;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.engine.retention.SnapshotClass;
import dev.holdfast.engine.retention.Span;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationLoaderTest {
  @TempDir Path folder;

  @Test
  void exampleInTheManualIsReadAsItSays() {
    Configuration read = Yaml.configuration(Yaml.manual(), Map.of());
    RepositorySettings main = read.repositories().get("main");
    assertThat(main)
        .isEqualTo(
            new RepositorySettings(
                "main",
                "/srv/backup/holdfast",
                Optional.of(new Secret.InFile("/etc/holdfast/password")),
                Optional.of("auto"),
                OptionalInt.of(16),
                Optional.of(
                    RetentionPolicy.of(
                        new KeepRules(
                            Map.of(Span.DAILY, 7, Span.WEEKLY, 4),
                            Period.NONE,
                            Map.of(),
                            List.of()),
                        RetentionPolicy.RESTORE_POINTS_DEFAULT))));
    App hitkeep = read.app("hitkeep");
    assertThat(read.repositoryOf(hitkeep)).contains(main);
    assertThat(hitkeep.root()).contains("/var/lib/hitkeep");
    assertThat(hitkeep.sources())
        .extracting(AppSource::name)
        .containsExactly("control", "tenants", "archive");
    AppSource.Paths tenants = (AppSource.Paths) hitkeep.sources().get(1);
    assertThat(tenants.template().variables()).containsExactly("tenant");
    assertThat(tenants.absence()).isEqualTo(AppSource.Absence.WARNING);
    assertThat(((AppSource.Paths) hitkeep.sources().getFirst()).absence())
        .isEqualTo(AppSource.Absence.FAILURE);
    assertThat(hitkeep.excludes()).containsExactly("*.tmp", "/var/lib/hitkeep/cache");
    assertThat(hitkeep.tags()).containsExactly("production");
    assertThat(hitkeep.onError()).isEqualTo(OnError.FAIL);
    assertThat(hitkeep.recovery().masks())
        .isEqualTo(
            Map.of(
                "tenants",
                List.of("/etc/holdfast/anonymous.sql", "/etc/holdfast/no-sessions.sql")));
    assertThat(hitkeep.newerDuckDb()).isEqualTo(NewerDuckDb.REFUSE);
    assertThat(hitkeep.hooks().before())
        .containsExactly(
            new Hook(
                new Invocation.Words(List.of("/usr/local/bin/hitkeep", "flush")),
                Duration.ofSeconds(30)));
    assertThat(hitkeep.hooks().after().getFirst().command().words()).startsWith("/bin/sh", "-c");
    assertThat(hitkeep.hooks().after().getFirst().timeLimit()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void postgresSourceOfTheManualIsReadAsItSays() {
    App tracearr = Yaml.configuration(Yaml.manual(), Map.of()).app("tracearr");
    AppSource.Postgres database = (AppSource.Postgres) tracearr.sources().getFirst();
    assertThat(database.settings())
        .containsExactly(
            Map.entry("host", "db.internal"),
            Map.entry("user", "backup"),
            Map.entry("sslmode", "verify-full"),
            Map.entry("sslrootcert", "system"));
    assertThat(database.password()).contains(new Secret.InVariable("TRACEARR_DATABASE_PASSWORD"));
    assertThat(database.databases()).isEqualTo(new Databases.All());
    assertThat(database.globals()).isTrue();
    AppSource.Postgres billing = (AppSource.Postgres) tracearr.sources().get(1);
    assertThat(billing.urlVariable()).contains("BILLING_DATABASE_URL");
    assertThat(billing.databases()).isEqualTo(new Databases.OfConnection());
    assertThat(billing.globals()).isFalse();
  }

  @Test
  void whatTheManualKeepsIsReadForEachRepository() {
    Configuration read = Yaml.configuration(Yaml.manual(), Map.of());
    Optional<RepositorySettings> main = read.repositoryAt("/srv/backup/holdfast");
    Optional<RepositorySettings> offsite = read.repositoryAt("/mnt/offsite/holdfast");
    App hitkeep = read.app("hitkeep");
    RetentionPolicy own = read.retention(hitkeep, main).orElseThrow();
    assertThat(own.rules())
        .hasToString(
            "keep 10 latest, 24 hourly, 7 daily, 4 weekly, 6 monthly, 2 yearly snapshots, hourly"
                + " snapshots within 7d, daily snapshots within 1m, weekly snapshots within 6m,"
                + " monthly snapshots within 1y, yearly snapshots within 5y and all snapshots with"
                + " tags [[audit]] and all snapshots within 2d of the newest");
    assertThat(own.restorePoints()).hasToString("14d");
    assertThat(own.own()).containsOnlyKeys(SnapshotClass.values());
    assertThat(read.retention(hitkeep, offsite).orElseThrow().rules())
        .hasToString("keep 30 daily, 24 monthly snapshots");
    App tracearr = read.app("tracearr");
    assertThat(read.retention(tracearr, offsite)).isEmpty();
    assertThat(read.retention(tracearr, main).orElseThrow().rules())
        .hasToString("keep 7 daily, 4 weekly snapshots");
  }

  @Test
  void pathsAreMadeAbsoluteFromTheFileAndFromHome() {
    Configuration read =
        Yaml.configuration(
            """
            repositories:
              here: {location: repo, password-file: ~/secret}
              restics: {location: "local:/srv/repo"}
            apps:
              a: {repository: here, root: ../data/./x, sources: {s: {path: ~/*.db}}}
            """,
            Map.of("HOME", "/home/me"));
    assertThat(read.repositories().get("here").location()).isEqualTo("/etc/holdfast/repo");
    assertThat(read.repositories().get("restics").location()).isEqualTo("local:/srv/repo");
    assertThat(read.repositories().get("here").password())
        .contains(new Secret.InFile("/home/me/secret"));
    assertThat(read.app("a").root()).contains("/etc/data/x");
    assertThat(((AppSource.Paths) read.app("a").sources().getFirst()).template().text())
        .isEqualTo("/home/me/*.db");
  }

  @Test
  void homeThatNoVariableNamesIsThatOfTheUser() {
    Configuration read =
        Yaml.configuration(
            "repositories: {main: {location: ~/repo, password-env: SECRET}}", Map.of());
    assertThat(read.repositories().get("main").location())
        .isEqualTo(System.getProperty("user.home") + "/repo");
  }

  @Test
  void appThatDoesNotExistIsNamedWithTheOneThatWasMeant() {
    Configuration read = Yaml.configuration(Yaml.manual(), Map.of());
    assertThatThrownBy(() -> read.app("hitkep"))
        .isInstanceOfSatisfying(
            HoldfastException.NotFound.class,
            e -> assertThat(e.hint()).isEqualTo("did you mean 'hitkeep'?"))
        .hasMessage("there is no app 'hitkep' in holdfast.yaml");
  }

  @Test
  void fileThatIsNotRightIsRefusedWithItsFirstProblemAndTheNumberOfOthers() throws Exception {
    Path file = folder.resolve("holdfast.yaml");
    Files.writeString(file, "apps: 1\nrepositories: 2\nmore: 3\n");
    assertThatThrownBy(() -> ConfigurationLoader.load(file, Map.of()))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessage(file + ":1:7: 'apps' must be a mapping from names, not a number (and 2 more)");
  }

  @Test
  void nothingThatIsPrintedOfAConfigurationHoldsACommandThatMayHoldASecret() {
    Configuration read =
        Yaml.configuration(
            """
            repositories:
              main: {location: /r, password-command: [vault, read, -token=hunter2]}
            """,
            Map.of());
    assertThat(read.toString()).doesNotContain("hunter2");
  }
}
