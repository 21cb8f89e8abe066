package dev.holdfast.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetupTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({
    "90s,PT1M30S",
    "5m,PT5M",
    "1h30m,PT1H30M",
    "500ms,PT0.5S",
    "0,PT0S",
    "1.5h,PT1H30M",
    ".5s,PT0.5S",
    "2.m,PT2M",
    "1µs,PT0.000001S",
    "999999999h,PT999999999H"
  })
  void durationsAreReadAsGoDoes(String text, Duration duration) {
    assertThat(GoDuration.parse("--retry-lock", text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "m", "5x", "5m ", "-5m"})
  void whatIsNoDurationIsRefusedNamingTheOption(String text) {
    assertThatThrownBy(() -> GoDuration.parse("--retry-lock", text))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("--retry-lock");
  }

  @Test
  void commandsAreSplitWithoutShell() {
    assertThat(ShellWords.split("--password-command", "pass 'a b' \"c 'd\" e\\ f ''"))
        .containsExactly("pass", "a b", "c 'd", "e f", "");
    assertThatThrownBy(() -> ShellWords.split("--password-command", "pass 'open"))
        .isInstanceOf(HoldfastException.Rejected.class);
  }

  @Test
  void textFilesAreTrimmedAndTheirMarksObeyed() throws Exception {
    Path file = scratch.resolve("file");
    Files.write(file, "\uFEFF  pass word\t\r\n".getBytes(StandardCharsets.UTF_8));
    assertThat(TextFile.read("file", file.toString()))
        .isEqualTo("pass word".getBytes(StandardCharsets.UTF_8));
    Files.write(file, "\uFEFFpä\n".getBytes(StandardCharsets.UTF_16LE));
    assertThat(TextFile.read("file", file.toString()))
        .isEqualTo("pä".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> TextFile.read("file", scratch.resolve("none").toString()))
        .isInstanceOf(HoldfastException.NotFound.class);
  }

  @Test
  void generatedPasswordIsKept() throws Exception {
    DefaultRepository standard =
        new DefaultRepository(new Environment(Map.of("HOME", scratch.toString())));
    standard.ensurePassword(new SecureRandom());
    String first = Files.readString(standard.passwordFile());
    assertThat(first.strip()).hasSize(32);
    standard.ensurePassword(new SecureRandom());
    assertThat(standard.passwordFile()).hasContent(first.strip());
    assertThat(scratch.resolve(".config/holdfast").toFile().list()).containsExactly("password");
  }

  @Test
  void foldersOfTheUserAreThoseOfTheEnvironment() {
    Environment environment =
        new Environment(
            Map.of("HOME", "/home/ann", "XDG_DATA_HOME", "/data", "XDG_CONFIG_HOME", "relative"));
    assertThat(environment.dataHome()).isEqualTo(Path.of("/data"));
    assertThat(environment.configurationHome()).isEqualTo(Path.of("/home/ann/.config"));
  }

  @Test
  void homeIsNeverBelowTheWorkingDirectory() {
    assertThat(new Environment(Map.of("HOME", ".")).stateHome()).isAbsolute();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-31T12:00:05Z,2026-01-31T12:00:05Z",
    "2026-01-31T12:00:05.120+02:00,2026-01-31T12:00:05.12+02:00",
    "2026-01-31T12:00:05.000000001-03:30,2026-01-31T12:00:05.000000001-03:30"
  })
  void timesAreWrittenAsGoDoes(OffsetDateTime time, String text) {
    assertThat(Times.rfc3339(time)).isEqualTo(text);
  }

  @Test
  void settingsOfWritersAreCheckedAgainstTheirBounds() {
    GlobalOptions globals = new GlobalOptions();
    globals.packSize = "3";
    assertThatThrownBy(
            () -> WriterSettings.of(globals, new Environment(Map.of()), Optional.empty()))
        .hasMessageContaining("'3' is not a pack size");
    globals.packSize = "64";
    globals.compression = "zip";
    assertThatThrownBy(
            () -> WriterSettings.of(globals, new Environment(Map.of()), Optional.empty()))
        .hasMessageContaining("no compression mode 'zip'");
    globals.compression = null;
    assertThat(
            WriterSettings.of(
                    globals, new Environment(Map.of("RESTIC_COMPRESSION", "off")), Optional.empty())
                .packSizeBytes())
        .isEqualTo(64 << 20);
  }

  @Test
  void cacheFolderWithoutANameIsNotTheWorkingDirectory() {
    Environment environment = new Environment(Map.of("HOME", "/home/me"));
    GlobalOptions globals = new GlobalOptions();
    globals.cacheDirectory = "";
    assertThat(globals.cacheFolder(environment)).isEqualTo(Path.of("/home/me/.cache/holdfast"));
    globals.cacheDirectory = "x";
    assertThat(globals.cacheFolder(environment)).isEqualTo(Path.of("x"));
  }
}
