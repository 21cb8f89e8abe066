package dev.holdfast.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which repository and which password a command uses when there is a configuration.
class ConfiguredRepositoryTest {
  @TempDir Path home;

  private Run run;
  private Path file;

  @BeforeEach
  void makeHome() throws Exception {
    run = Run.at(home);
    Path folder = Files.createDirectories(home.resolve(".config/holdfast"));
    file = folder.resolve("holdfast.yaml");
    Files.writeString(home.resolve("secret-a"), "  password of a \n");
    Files.writeString(home.resolve("data"), "data");
  }

  private void write(String yaml) throws Exception {
    Files.writeString(file, yaml);
  }

  private void writeTwo() throws Exception {
    write(
        """
        repositories:
          a: {location: ~/a, password-file: ~/secret-a}
          b: {location: ~/b, password-env: PASSWORD_OF_B}
        """);
  }

  @Test
  void onlyRepositoryOfTheConfigurationIsUsedWithItsPassword() throws Exception {
    write("repositories: {a: {location: ~/a, password-file: ~/secret-a, compression: max}}");
    run.holdfast("init").done();
    assertThat(home.resolve("a/config")).exists();
    // The environment's password may be meant for another repository.
    Run distracted = run.set("RESTIC_PASSWORD", "wrong");
    distracted.holdfast("backup", home.resolve("data").toString()).done();
    assertThat(distracted.holdfast("snapshots", "--json").done().out()).contains("data");
    Run plain =
        Run.at(home.resolve("nowhere"))
            .set("RESTIC_REPOSITORY", home.resolve("a").toString())
            .set("RESTIC_PASSWORD", "password of a");
    plain.holdfast("snapshots").done();
  }

  @Test
  void repositoryIsNamedByItsNameAndTheEnvironmentGoesBeforeTheConfiguration() throws Exception {
    writeTwo();
    run.holdfast("init", "--repo", "a").done();
    assertThat(run.holdfast("init", "--repo", "b").with(1).err())
        .isEqualTo(
            "holdfast: the variable PASSWORD_OF_B that holds the password of the repository 'b' is"
                + " not set\nhint: set it in the environment that Holdfast is started in\n");
    Run both = run.set("PASSWORD_OF_B", "password of b");
    both.holdfast("init", "--repo", "b").done();
    both.set("RESTIC_REPOSITORY", "b").holdfast("snapshots").done();
    both.set("RESTIC_REPOSITORY", "b").holdfast("snapshots", "-r", "a").done();
    assertThat(both.holdfast("snapshots").with(1).err())
        .isEqualTo(
            "holdfast: %s has several repositories\nhint: name one with --repo: a, b\n"
                .formatted(file));
  }

  @Test
  void commandThatPrintsThePasswordRunsOnceHoweverOftenTheRepositoryIsOpened() throws Exception {
    Path runs = home.resolve("runs");
    write(
        """
        repositories:
          a: {location: ~/a, password-command: [sh, -c, 'echo run >> %1$s; cat %2$s/secret-a']}
          b: {location: ~/b, password-file: ~/secret-a}
        apps:
          one: {repository: a, copies: [b], sources: {data: {path: %2$s/data}}}
          two: {repository: a, copies: [b], sources: {data: {path: %2$s/data}}}
        """
            .formatted(runs, home));
    run.holdfast("init", "-r", "a").done();
    run.holdfast("init", "-r", "b").done();
    assertThat(runs).hasContent("run");

    run.holdfast("backup", "one", "two").done();

    assertThat(runs).hasContent("run\nrun");
    assertThat(run.holdfast("snapshots", "-r", "b").done().out()).contains("2 snapshots");
    assertThat(
            run.holdfast("snapshots", "-r", "a", "--password-command", "echo other").with(12).err())
        .contains("wrong password");
  }

  @Test
  void missingRepositoryToCopyFromIsNotOneToCreate() throws Exception {
    writeTwo();
    run.holdfast("init", "--repo", "a").done();
    String[] copy = {"copy", "--repo", "a", "--from-repo", home.resolve("gone").toString()};
    String asked = run.set("RESTIC_FROM_PASSWORD", "secret").holdfast(copy).with(10).err();
    assertThat(asked)
        .contains("there is no repository at " + home.resolve("gone"), "hint: check the address")
        .doesNotContain("init");
    assertThat(run.holdfast(copy).with(10).err()).isEqualTo(asked);
  }

  @Test
  void passwordOfTheCommandLineGoesBeforeTheConfiguration() throws Exception {
    writeTwo();
    run.holdfast("init", "--repo", "a").done();
    Files.writeString(home.resolve("other"), "wrong");
    run.holdfast("snapshots", "-r", "a", "-p", home.resolve("other").toString()).with(12);
    run.set("HOLDFAST_REPOSITORIES_A_PASSWORD_FILE", home.resolve("other").toString())
        .holdfast("snapshots", "-r", "a")
        .with(12);
  }

  @Test
  void configurationThatIsNotRightIsNotReadWhenItIsNotNeeded() throws Exception {
    write("this is wrong: 1\n");
    String repository = home.resolve("plain").toString();
    Run named = run.set("RESTIC_PASSWORD", "x");
    named.holdfast("init", "-r", repository).done();
    named.holdfast("backup", "-r", repository, home.resolve("data").toString()).done();
    assertThat(named.holdfast("snapshots").with(1).err())
        .isEqualTo(
            "holdfast: %s:1:1: unknown key 'this is wrong' in the file: known are repositories, apps\n"
                    .formatted(file)
                + "hint: 'holdfast config check' shows everything that is wrong\n");
  }

  @Test
  void configurationThatOthersCanWriteIsRefusedUnlessItIsNamed() throws Exception {
    write("repositories: {a: {location: ~/a, password-file: ~/secret-a}}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(run.holdfast("init").with(1).err())
        .contains("can be written by everybody", "name it with --config");
    run.holdfast("init", "--config", file.toString()).done();
    run.set("HOLDFAST_CONFIG", file.toString()).holdfast("snapshots").done();
  }

  @Test
  void configurationThatIsNoFileIsRefusedAndNotWaitedFor() {
    Path pipe = home.resolve("pipe");
    Command.of("mkfifo", pipe.toString()).run().succeeded();
    Map<String, String> others =
        Map.of(pipe.toString(), "a pipe", home.toString(), "a folder", "/dev/null", "a device");
    others.forEach((file, what) ->
        assertThat(run.holdfast("config", "check", "--config", file).with(1).err())
            .startsWith("holdfast: the configuration " + file + " is " + what + ", not a file\n"));
    assertThat(run.holdfast("status", "--config", "").with(1).err()).contains("is empty");
  }

  @Test
  void passwordInAnAddressIsNotShown() throws Exception {
    Path file = home.resolve("rest.yaml");
    Files.writeString(
        file, "repositories: {main: {location: 'rest:http://me:hunter2@localhost:1/x/'}}\n");
    for (String form : List.of("--verbose", "--json")) {
      assertThat(run.holdfast("config", "check", "--config", file.toString(), form).done().out())
          .contains("rest:http://localhost:1/x/")
          .doesNotContain("hunter2");
    }
    assertThat(
            Run.at(home)
                .holdfast("-r", "rest:http://me:hunter2@localhost:1/", "init", "--no-cache")
                .with(1)
                .err())
        .contains("the password of the repository 'rest:http://localhost:1/' is empty")
        .doesNotContain("hunter2");
  }

  @Test
  void configurationThatIsNamedMustExist() {
    assertThat(run.holdfast("snapshots", "--config", "/no/such.yaml").with(1).err())
        .isEqualTo(
            """
            holdfast: the configuration /no/such.yaml does not exist
            hint: 'holdfast config init FOLDER' writes one
            """);
    assertThat(run.holdfast("config", "check").with(1).err())
        .contains("no holdfast.yaml was found");
  }

  @Test
  void repositoryWithoutAPasswordIsNamed() {
    assertThat(run.holdfast("init", "-r", "new").with(ExitCode.FAILED).err())
        .contains("the password of the repository 'new' is empty", "RESTIC_FROM_PASSWORD");
  }

  @Test
  void secretsAreShownByNoLevelOfDetail() throws Exception {
    write(
        """
        repositories:
          a: {location: ~/a, password-command: [echo, hunter2]}
        apps:
          s: {root: ~/, sources: {d: {path: data}, p: {postgres: {url-env: THE_URL}}}}
        """);
    Run told = run.set("THE_URL", "postgres://u:hunter2@localhost/d");
    for (String level : new String[] {"-q", "-v", "-vv", "--json"}) {
      Run.Ended check = told.holdfast("config", "check", level).done();
      assertThat(check.out() + check.err()).doesNotContain("hunter2").contains("***");
      Run.Ended list = told.holdfast("snapshots", level);
      assertThat(list.out() + list.err()).doesNotContain("hunter2");
    }
  }

  @Test
  void problemsAsJsonNameLineAndColumn() throws Exception {
    write("apps: {a: {sauces: {}}}\n");
    assertThat(run.holdfast("config", "check", "--json").with(1).out())
        .isEqualTo(
            ("{\"message_type\":\"config_check\",\"file\":\"%s\",\"valid\":false,\"problems\":["
                    + "{\"line\":1,\"column\":11,\"message\":\"the app 'a' has no 'sources'\"},"
                    + "{\"line\":1,\"column\":12,\"message\":\"unknown key 'sauces' in the app 'a':"
                    + " did you mean 'sources'?\"}],\"problems_left_out\":0}\n")
                .formatted(file));
  }

  @Test
  void schemaIsPrinted() {
    assertThat(run.holdfast("config", "schema").done().out())
        .startsWith("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\"");
  }

  @Test
  void completionsAndManualPagesKnowTheCommandsOfCommands() throws Exception {
    Path pages = home.resolve("man");
    run.holdfast("generate", "--man", pages.toString()).done();
    assertThat(Files.readString(pages.resolve("holdfast-config-check.1")))
        .contains("\\fBholdfast config check\\fP", "\\-\\-strict");
    assertThat(Files.readString(pages.resolve("holdfast-config.1")))
        .contains("holdfast\\-config\\-init");
    assertThat(run.holdfast("generate", "--fish-completion", "-").done().out())
        .contains("-n '__holdfast_at config' -f -a check")
        .contains("-n '__holdfast_at config init' -l force");
    assertThat(run.holdfast("generate", "--bash-completion", "-").done().out())
        .contains("--strict");
  }
}
