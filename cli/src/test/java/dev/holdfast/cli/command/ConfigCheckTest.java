package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckTest {
  @TempDir Path home;

  @Test
  void checkSaysWhatIsInsideAndWhatIsOutside() throws Exception {
    Files.createDirectories(home.resolve("data/tenants/a"));
    Files.writeString(home.resolve("data/tenants/a/x.db"), "x");
    Files.writeString(home.resolve("data/stray"), "x");
    Path file = home.resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main: {location: repo, password-file: secret}
        apps:
          shop:
            root: data
            sources:
              tenants: {path: "tenants/{tenant}/x.db"}
        """);
    Run run = Run.at(home);
    Run.Ended ended = run.holdfast("config", "check", "-c", file.toString());
    ended.with(1);
    assertThat((ended.out() + ended.err()).replace(home.toString(), "HOME"))
        .isEqualTo(
            """
            HOME/holdfast.yaml is right
            repository main at HOME/repo
              password: *** from the file HOME/secret
              FAILURE: the password of the repository 'main': the file HOME/secret does not exist

            app shop, to main
              root HOME/data
              tenants: tenants/{tenant}/x.db, 1 found
                file HOME/data/tenants/a/x.db (tenant a)
              OUTSIDE the boundary, in no source and no exclude:
                HOME/data/stray
            holdfast: 1 thing that HOME/holdfast.yaml names would make a backup fail
            hint: the lines above that begin with 'FAILURE' name them
            """);
  }

  @Test
  void whatOnlyARecoveryNeedsIsNotSaidToMakeABackupFail() throws Exception {
    Files.writeString(home.resolve("x.db"), "x");
    Path file = home.resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        apps:
          shop:
            root: .
            sources: {database: {path: x.db}}
            recover:
              health:
                - http:
                    url: http://localhost:8080/
                    headers: {Authorization: {file: token}}
        """);
    String checked = Run.at(home).holdfast("config", "check", "-c", file.toString()).with(1).err();
    assertThat(checked).contains("1 thing that " + file + " names would make a recovery fail");
    Files.delete(home.resolve("x.db"));
    checked = Run.at(home).holdfast("config", "check", "-c", file.toString()).with(1).err();
    assertThat(checked).contains("2 things that ", " would make a backup or a recovery fail");
  }
}
