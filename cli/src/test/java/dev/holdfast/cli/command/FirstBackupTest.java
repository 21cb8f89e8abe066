package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The backup that creates the repository that is used when none is named: not for nothing.
class FirstBackupTest {
  /// Nobody listens there.
  private static final String NO_SERVER = "postgresql://localhost:1/shop?connect_timeout=5";

  @TempDir Path folder;

  private Path home = Path.of("");
  private Run run = Run.at(home);

  @BeforeEach
  void makeHome() {
    home = folder.resolve("home");
    run = Run.at(home).set("HOLDFAST_CONFIG", folder.resolve("holdfast.yaml").toString());
  }

  private void configure(String sources) throws Exception {
    Files.writeString(
        folder.resolve("holdfast.yaml"),
        "apps: {shop: {root: %s, sources: {%s}}}".formatted(folder, sources));
  }

  @Test
  void appOfWhichNothingIsThereMakesNoRepository() throws Exception {
    configure("main: {path: 'shop-*.db'}");
    assertThat(run.holdfast("backup", "shop").with(ExitCode.FAILED).err())
        .contains("nothing of the app 'shop' was found");
    assertThat(home).doesNotExist();
  }

  @Test
  void appThatIsNotCompleteMakesNoRepository() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "notes");
    configure("main: {path: shop.db}, notes: {path: notes.txt}");
    assertThat(run.holdfast("backup", "shop").with(ExitCode.FAILED).err())
        .contains("the app 'shop' is not complete");
    assertThat(home).doesNotExist();
  }

  @Test
  void serverThatCannotBeReachedMakesNoRepository() throws Exception {
    configure("database: {postgres: {url: '%s'}}".formatted(NO_SERVER));
    assertThat(run.holdfast("backup", "shop").with(ExitCode.FAILED).err()).contains("localhost");
    assertThat(run.holdfast("backup", "--postgres", NO_SERVER).with(ExitCode.FAILED).err())
        .contains("localhost");
    assertThat(home).doesNotExist();
  }

  @Test
  void appThatIsThereIsStoredInANewRepository() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "notes");
    configure("notes: {path: notes.txt}, pictures: {path: pictures, required: false}");
    Run.Ended ended = run.holdfast("backup", "shop").done();
    assertThat(ended.err()).contains("created the repository " + home).doesNotContain("pictures");
    assertThat(run.holdfast("ls", "latest").done().out()).contains("notes.txt");
  }
}
