package dev.holdfast.cli;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.key.KeyringOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs command lines in this process, with an environment of its own. Immutable.
///
/// @param variables the environment
/// @param input standard input
public record Run(Map<String, String> variables, String input) {
  /// Of new keys: at their usual cost, they would take half of the time of these tests.
  private static final ScryptParameters CHEAP = new ScryptParameters(1024, 8, 1);

  public Run {
    variables = Map.copyOf(variables);
  }

  /// How a command line ended.
  public record Ended(int status, String out, String err) {
    /// This, if the status is 0.
    public Ended done() {
      return with(0);
    }

    /// This, if the status is `wanted`.
    public Ended with(int wanted) {
      if (status != wanted) {
        throw new AssertionError(
            "status %d instead of %d%n%s%n%s".formatted(status, wanted, out, err));
      }
      return this;
    }
  }

  /// An environment with a home and nothing else.
  public static Run at(Path home) {
    return new Run(Map.of("HOME", home.toString()), "");
  }

  /// The same with a repository and its password named in the environment.
  public static Run on(Path home, Path repository) {
    return at(home)
        .set("RESTIC_REPOSITORY", repository.toString())
        .set("RESTIC_PASSWORD", "correct horse");
  }

  public Run set(String name, String value) {
    Map<String, String> more = new TreeMap<>(variables);
    more.put(name, value);
    return new Run(more, input);
  }

  public Run type(String text) {
    return new Run(variables, text);
  }

  /// Runs one command line.
  public Ended holdfast(String... arguments) {
    return holdfastAfter(Duration.ZERO, arguments);
  }

  /// Runs one command line whose standard output goes to a file on a disk without space.
  public Ended holdfastToFullDisk(String... arguments) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    return holdfast(Duration.ZERO, full, arguments);
  }

  /// Runs one command line on a clock that is ahead.
  public Ended holdfastAfter(Duration ahead, String... arguments) {
    return holdfast(ahead, new ByteArrayOutputStream(), arguments);
  }

  private Ended holdfast(Duration ahead, OutputStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(out, err, false, OsString::encode);
    int status =
        new Program(
                console,
                variables,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                false,
                () -> Clock.offset(Clock.system(ZoneOffset.UTC), ahead),
                (host, user) -> new KeyringOptions(host, user, CHEAP, false))
            .run(List.of(arguments));
    String printed =
        out instanceof ByteArrayOutputStream kept ? kept.toString(StandardCharsets.UTF_8) : "";
    return new Ended(status, printed, err.toString(StandardCharsets.UTF_8));
  }
}
