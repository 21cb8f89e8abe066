package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords that are typed on a pseudo terminal.
@Tag("slow")
class PasswordOnTerminalTest {
  @TempDir Path home;
  private HoldfastProgram holdfast;

  @BeforeEach
  void makeARepository() {
    holdfast = new HoldfastProgram(home.resolve("repository"), "x");
    holdfast.init(2);
    CheapKey.in(holdfast.repository(), holdfast.password());
  }

  @Test
  void eachRepositoryIsNamedAndItsPasswordAskedForOnce() throws Exception {
    Files.writeString(home.resolve("file"), "content");
    Path file = home.resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main: {location: repository}
        apps:
          shop: {root: ., repository: main, sources: {data: {path: file}}}
          club: {root: ., repository: main, sources: {data: {path: file}}}
        """);

    String line = "exec '%s' -c '%s' backup shop club".formatted(launcher(), file);
    try (OnTerminal terminal = onTerminal(line)) {
      terminal.sees("enter password for repository main: ").types("x\n");
      terminal.sees("saved").sees("saved");
      assertThat(terminal.ends()).isZero();
    }
  }

  @Test
  void aTerminalShowsAgainWhatIsTypedWhenNoPasswordWasGiven() throws Exception {
    // One that takes its time, as on a busy machine, and says when it is done.
    Path stty = home.resolve("bin/stty");
    Files.createDirectories(stty.getParent());
    Files.writeString(
        stty,
        """
        #!/bin/sh
        sleep 0.5
        PATH=/usr/bin:/bin stty "$@"
        echo > '%s/did'"$1"
        """
            .formatted(home));
    Files.setPosixFilePermissions(stty, PosixFilePermissions.fromString("rwx------"));
    String line =
        "trap : INT; PATH='%s':\"$PATH\" '%s' -r '%s' snapshots; echo ended $?; stty -a"
            .formatted(stty.getParent(), launcher(), holdfast.repository());

    try (OnTerminal terminal = onTerminal(line)) {
      terminal.sees("enter password for repository: ");
      while (Files.notExists(home.resolve("did-echo"))) {
        Thread.sleep(20);
      }
      terminal.types("\u0003").sees("ended 130").sees("isig");
      assertThat(terminal.line(" echoe", "echoke")).contains(" echo ").doesNotContain("-echo ");
    }
  }

  private static String launcher() {
    return HoldfastProgram.launcher().words().getFirst();
  }

  private OnTerminal onTerminal(String line) throws IOException {
    return new OnTerminal(line, Map.of("HOME", home.toString()));
  }
}
