package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run.Ended;
import dev.holdfast.cli.command.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
  @TempDir Path home;

  private Run run = new Run(Map.of(), "");

  @BeforeEach
  void takeHome() {
    run = Run.at(home);
  }

  @Test
  void versionIsOneLineAndThatOfThePom() throws Exception {
    String version = run.holdfast("version").done().out();
    assertThat(version).startsWith("holdfast ").hasLineCount(1);
    String pom = Files.readString(Path.of("..", "pom.xml"));
    String number = version.split(" ", -1)[1];
    assertThat(pom).contains("<artifactId>holdfast-parent</artifactId>\n  <version>" + number);
  }

  @Test
  void versionAsJsonIsOneObject() {
    assertThat(run.holdfast("version", "--json").done().out())
        .startsWith("{\"message_type\":\"version\",\"version\":\"");
  }

  @Test
  void withoutArgumentsTheCommandsAreListed() {
    assertThat(run.holdfast().done().out()).contains("backup", "restore", "demo", "generate");
  }

  @Test
  void helpOfCommandIsPrintedAndNothingIsDone() {
    String help = run.holdfast("backup", "--help").done().out();
    assertThat(help).contains("--exclude", "--dry-run");
    assertThat(run.holdfast("help", "backup").done().out()).isEqualTo(help);
  }

  @Test
  void unknownCommandIsWrongUsageWithHint() {
    Ended ended = run.holdfast("bakcup").with(2);
    assertThat(ended.err())
        .isEqualTo("holdfast: unknown command 'bakcup'\nhint: see 'holdfast --help'\n");
  }

  @Test
  void unknownOptionIsWrongUsageNamingIt() {
    assertThat(run.holdfast("snapshots", "--frobnicate").with(2).err())
        .contains("unknown option: '--frobnicate'");
  }

  @Test
  void valueThatIsNoNumberIsSaidInWordsOfPeople() {
    assertThat(run.holdfast("snapshots", "--latest", "x").with(2).err())
        .contains("'x' is not a whole number\n");
    assertThat(run.holdfast("snapshots", "--limit-upload", "x").with(2).err())
        .contains("'x' is not a whole number\n");
    assertThat(run.holdfast("snapshots", "--latest", "99999999999").with(2).err())
        .contains("'99999999999' is out of range\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drill",
        "export latest",
        "import",
        "key remove",
        "ls",
        "purge",
        "recover",
        "show",
        "status"
      })
  void argumentWithNothingInItIsASlipAndNotThePresentFolder(String command) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.add("");
    assertThat(run.holdfast(arguments.toArray(String[]::new)).with(2).err())
        .contains(" is empty: is a variable not set?\nhint: see 'holdfast ");
  }

  @Test
  void failureWithJsonIsRestics() {
    assertThat(
            run.holdfast("-r", home.resolve("none").toString(), "--json", "snapshots")
                .with(10)
                .err())
        .startsWith("{\"message_type\":\"exit_error\",\"code\":10,\"message\":\"");
  }

  @Test
  void globalOptionsCountBeforeAndAfterTheCommand() {
    Path none = home.resolve("none");
    String before = run.holdfast("--repo", none.toString(), "snapshots").with(10).err();
    assertThat(run.holdfast("snapshots", "-r" + none).with(10).err()).isEqualTo(before);
    assertThat(run.holdfast("snapshots", "--repo=" + none).with(10).err()).isEqualTo(before);
  }

  @Test
  void nameOfCommandAsValueOfAnOptionIsAValue() {
    assertThat(run.holdfast("-r", "snapshots", "unlock").with(10).err()).contains("snapshots");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-vv", "--verbose=2", "-v=3"})
  void stackTraceIsPrintedOnlyWhenAskedFor(String verbose) {
    String[] arguments = {"-r", home.resolve("none").toString(), "snapshots"};
    assertThat(run.holdfast(arguments).with(10).err()).doesNotContain("\tat ");
    assertThat(run.holdfast(arguments[0], arguments[1], arguments[2], verbose).with(10).err())
        .contains("\tat ");
  }

  @Test
  void extendedOptionsThatAreNoneAreRefusedByName() {
    assertThat(
            run.set("RESTIC_PASSWORD", "x")
                .holdfast("-r", "s3:localhost/bucket", "-o", "s3.regoin=x", "snapshots")
                .with(1)
                .err())
        .contains("'s3.regoin'");
    assertThat(
            run.set("RESTIC_PASSWORD", "x")
                .holdfast("-r", home.toString(), "-o", "regoin=x", "snapshots")
                .with(1)
                .err())
        .contains("'regoin'");
  }

  @Test
  void extendedOptionsOfOtherStoresAreNoMistakeUnlessNoStoreHasThem() {
    Run local = Run.on(home, home.resolve("repository"));
    local.holdfast("init", "-o", "s3.region=eu-central-1", "-o", "sftp.args=-4").done();
    local.holdfast("snapshots", "-o", "rest.connections=9", "-o", "b2.connections=9").done();
    for (String slip : List.of("s3.regoin", "rest.conections", "sftp.arg", "local.layuot")) {
      assertThat(local.holdfast("snapshots", "-o", slip + "=x").with(1).err())
          .contains("there is no extended option '" + slip + "'", "hint: those of ");
    }
  }

  @Test
  void completionsAndManualPagesNameEveryCommand() throws Exception {
    Path manual = home.resolve("man");
    run.holdfast("generate", "--man", manual.toString()).done();
    String bash = run.holdfast("generate", "--bash-completion", "-").done().out();
    String fish = run.holdfast("generate", "--fish-completion", "-").done().out();
    for (String command : Commands.names()) {
      assertThat(manual.resolve("holdfast-" + command + ".1")).isNotEmptyFile();
      assertThat(bash).contains(command);
      assertThat(fish).contains("complete -c holdfast -n '__holdfast_at' -f -a " + command + " ");
    }
    assertThat(Files.readString(manual.resolve("holdfast-key-add.1"))).contains(".SH OPTIONS");
    assertThat(Files.readString(manual.resolve("holdfast.1"))).contains(" [options] COMMAND\n");
    assertThat(Files.readString(manual.resolve("holdfast-recover.1")))
        .contains("leave it as it was\n.SH SYNOPSIS", " [options] [APP|PATH...] [COMMAND]\n")
        .contains(".SH DESCRIPTION\nThe new state", ".SH ARGUMENTS\n.TP\n\\fIAPP|PATH\\fP\nan app");
    assertThat(Files.readString(manual.resolve("holdfast-restore.1")))
        .contains(" [options] \\-\\-target FOLDER SNAPSHOT[:PATH]\n");
    assertThat(fish)
        .contains(" -a drill -d 'Rehearse the recovery of an app in a scratch place'\n")
        .contains("case 'config check' 'config init' ", " 'recover status' ")
        .contains("contains -- $word ", " -r --repo ")
        .contains("complete -c holdfast -n '__holdfast_at key' -f -a add -d ")
        .contains("complete -c holdfast -n '__holdfast_at key add' -l new-password-file -r -d ")
        .contains("complete -c holdfast -n '__holdfast_at' -s r -l repo -r -d ")
        .contains("complete -c holdfast -n '__holdfast_at snapshots' -l json -d ");
  }

  @Test
  void generateWithoutAnythingToWriteIsAnErrorAsWithRestic() {
    assertThat(run.holdfast("generate").with(1).err())
        .contains("nothing was named", "hint: give --bash-completion");
    assertThat(run.holdfast("generate", "--bash-completion", "/not/there/x").with(1).err())
        .contains("the file /not/there/x cannot be written", "hint: its folder must exist");
    assertThat(run.holdfast("generate", "--man", "/proc/no").with(1).err())
        .contains("the folder /proc/no cannot be made", "hint: name one");
    assertThat(run.holdfast("generate", "--man", "/proc").with(1).err())
        .contains(" cannot be written", "hint: its folder must");
  }

  @Test
  void zshLoadsTheCompletionFromItsPathAndNeedsNoCompopt() {
    String zsh = run.holdfast("generate", "--zsh-completion", "-").done().out();
    assertThat(zsh).startsWith("#compdef holdfast\n").contains("_bash_complete -o default -F ");
    assertThat(zsh.indexOf("compopt()")).isPositive().isLessThan(zsh.indexOf("compopt +o"));
    assertThat(zsh).contains("function _complete_holdfast() {", "-F _complete_holdfast\nfi\n");
  }

  @Test
  void bashAcceptsTheCompletion() throws Exception {
    Path script = home.resolve("completion");
    run.holdfast("generate", "--bash-completion", script.toString(), "-q").done();
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).start();
    assertThat(bash.waitFor()).isZero();
  }
}
