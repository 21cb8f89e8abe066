package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two configurations of one user have an app of the same name: what is said of the one is never
/// done to the other.
class RecoverSameNamesTest {
  private static final Pattern ID = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]+");

  private Path home = Path.of("");
  private Path well = Path.of("");
  private Run one = Run.at(Path.of(""));
  private Run other = Run.at(Path.of(""));

  @BeforeEach
  void makeTwoShops(@TempDir Path folder) throws Exception {
    home = folder.toRealPath();
    well = home.resolve("well");
    one = shop("one");
    other = shop("other");
  }

  private Path file(String place) {
    return home.resolve(place).resolve("data/file");
  }

  private Path config(String place) {
    return home.resolve(place).resolve("holdfast.yaml");
  }

  private Run shop(String place) throws IOException {
    Files.createDirectories(file(place).getParent());
    Files.writeString(file(place), "old");
    Files.writeString(
        config(place),
        """
        apps:
          shop:
            root: data
            sources:
              file: {path: file}
        """);
    Run run =
        Run.on(home, home.resolve(place + "-repository"))
            .set("HOLDFAST_CONFIG", config(place).toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    Files.writeString(file(place), "new");
    return run;
  }

  /// A recovery whose service does not start, not even with the former state.
  private String interrupt(Run run) {
    Run.Ended ended =
        run.holdfast(
                "recover",
                "shop",
                "--yes",
                "--no-restore-point",
                "--stop-command",
                "true",
                "--start-command",
                "test -e " + well)
            .with(ExitCode.FAILED);
    Matcher id = ID.matcher(ended.err());
    assertThat(id.find()).as(ended.err()).isTrue();
    return id.group();
  }

  @Test
  void interruptedRecoveryOfANamesakeIsNotTakenForThisOnes() throws IOException {
    String theirs = interrupt(other);
    Files.createFile(well);
    for (String[] words :
        new String[][] {
          {"recover", "rollback"},
          {"recover", "rollback", "shop"},
          {"recover", "resume"},
          {"recover", "resume", "shop"},
        }) {
      assertThat(one.holdfast(words).with(ExitCode.FAILED).err())
          .contains(
              "the interrupted recovery %s is of the app 'shop' of %s, and not of that of %s"
                  .formatted(theirs, config("other"), config("one")))
          .contains("with -c, or the recovery by its id");
    }
    one.holdfast("recover", "-c", config("other").toString(), "rollback", "shop").done();
    assertThat(other.holdfast("recover", "status").done().out()).contains(theirs);
    assertThat(file("other")).hasContent("new");
  }

  @Test
  void ofTwoThatWereInterruptedTheConfigurationSaysWhichIsMeant() throws IOException {
    String ours = interrupt(one);
    String theirs = interrupt(other);
    Files.createFile(well);
    Run neither = new Run(one.variables(), "").set("HOLDFAST_CONFIG", empty().toString());
    assertThat(neither.holdfast("recover", "rollback", "shop").with(ExitCode.FAILED).err())
        .contains("two apps 'shop'", theirs + " is of " + config("other"), ours + " of ");

    assertThat(one.holdfast("recover", "rollback", "shop").done().err())
        .contains("recovery " + theirs + " is newer, and is left alone");

    assertThat(one.holdfast("recover", "status", "--json").done().out())
        .containsPattern(ours + ".*\"state\":\"rolled")
        .containsPattern(theirs + ".*\"state\":\"interrupted\"");
    one.holdfast("recover", "rollback", theirs).done();
    assertThat(file("one")).hasContent("new");
    assertThat(file("other")).hasContent("new");
  }

  @Test
  void whatIsDoneAfterwardsIsDoneToThisOne() throws IOException {
    Files.createFile(well);
    one.holdfast("recover", "shop", "--yes", "--no-restore-point").done();
    other.holdfast("recover", "shop", "--yes", "--no-restore-point").done();
    one.holdfast("recover", "undo", "--yes", "shop").done();
    assertThat(file("one")).hasContent("new");
    assertThat(file("other")).hasContent("old");
    one.holdfast("recover", "confirm", "--yes", "shop").done();
    assertThat(other.holdfast("recover", "undo", "--yes").done().out()).contains("shop");
    assertThat(file("other")).hasContent("new");
  }

  /// A configuration that knows no such app.
  private Path empty() throws IOException {
    Path file = home.resolve("empty.yaml");
    return Files.writeString(file, "repositories:\n  main: {location: %s}\n".formatted(home));
  }
}
