package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a command has no use for is not loaded: start-up is most of a short run. Says nothing of
/// the classes that the distribution was trained with: those come with its cache, at no cost.
class LoadedClassesTest {
  @TempDir Path home;

  private String loadedBy(String... arguments) throws IOException {
    Path log = home.resolve("classes");
    Files.deleteIfExists(log);
    Command command = HoldfastProgram.launcher();
    command
        .with(arguments)
        .withEnvironment("HOME", home.toString())
        .withEnvironment("RESTIC_PASSWORD", "x")
        .withEnvironment("HOLDFAST_JAVA_OPTS", "-Xlog:class+load=info:file=" + log)
        .in(home)
        .run()
        .succeeded();
    return Files.readString(log);
  }

  @Test
  void backupOfAPathLoadsNoYaml() throws Exception {
    String repository = home.resolve("repository").toString();
    Path data = Files.writeString(home.resolve("data"), "data");
    Path configuration = Files.writeString(home.resolve("holdfast.yaml"), "apps: {}\n");
    loadedBy("init", "-r", repository);
    assertThat(loadedBy("backup", "-r", repository, data.toString()))
        .contains("dev.holdfast.cli.Main")
        .doesNotContain("org.snakeyaml", "dev.holdfast.engine.config.shape");
    Files.delete(configuration);
    assertThat(loadedBy("backup", data.toString()))
        .contains("dev.holdfast.cli.Main")
        .doesNotContain("org.snakeyaml");
    assertThat(loadedBy("config", "schema")).doesNotContain("org.snakeyaml");
  }

  /// What is heavy, and of no use to a command on a local repository.
  private static final String[] FOR_OTHERS = {
    "org.jline.",
    "redis.clients.",
    "software.amazon.",
    "dev.holdfast.repository.s3.",
    "jdk.internal.net.http.",
    "dev.holdfast.repository.store.sftp.",
  };

  @Test
  void commandsOnALocalRepositoryLoadNoTerminalNoRedisAndNoNetwork() throws Exception {
    String repository = home.resolve("repository").toString();
    Path data = home.resolve("data.db");
    Command.of("sqlite3", data.toString(), "CREATE TABLE t(x)").run().succeeded();
    assertThat(loadedBy("version")).contains("dev.holdfast.cli.Main").doesNotContain(FOR_OTHERS);
    loadedBy("init", "-r", repository);

    assertThat(loadedBy("backup", "-r", repository, data.toString()))
        .contains("org.sqlite.")
        .doesNotContain(FOR_OTHERS);
    assertThat(loadedBy("snapshots", "-r", repository))
        .contains("dev.holdfast.cli.Main")
        .doesNotContain(FOR_OTHERS);
    assertThat(loadedBy("recover", "-r", repository, data.toString(), "--yes"))
        .contains("dev.holdfast.engine.recover.Recovery")
        .doesNotContain(FOR_OTHERS);
  }

  @Test
  void configurationIsReadWithYaml() throws Exception {
    Files.writeString(home.resolve("holdfast.yaml"), "apps: {}\n");
    assertThat(loadedBy("config", "check")).contains("org.snakeyaml");
  }
}
