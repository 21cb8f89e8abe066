package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    String line =
        "trap : INT; '%s' -r '%s' snapshots; echo ended $?; stty -a"
            .formatted(launcher(), holdfast.repository());

    for (String typed : List.of("", "secret")) {
      try (OnTerminal terminal = onTerminal(line)) {
        terminal.sees("enter password for repository: ");
        terminal.types(typed).types("\u0003").sees("ended 130").sees("isig");
        assertThat(terminal.line(" echoe", "echoke")).contains(" echo ").doesNotContain("-echo ");
      }
    }
  }

  @Test
  void whatIsTypedIsNotSeen() throws Exception {
    String line = "exec '%s' -r '%s' snapshots".formatted(launcher(), holdfast.repository());
    holdfast.run("key", "passwd", "--new-password-file", secret().toString()).succeeded();

    try (OnTerminal terminal = onTerminal(line)) {
      terminal.sees("enter password for repository: ").types("a secret\n");
      assertThat(terminal.ends()).isZero();
      assertThat(terminal.rest()).doesNotContain("secret");
    }
  }

  private Path secret() throws IOException {
    return Files.writeString(home.resolve("secret"), "a secret");
  }

  private static String launcher() {
    return HoldfastProgram.launcher().words().getFirst();
  }

  private OnTerminal onTerminal(String line) throws IOException {
    return new OnTerminal(line, Map.of("HOME", home.toString()));
  }
}
