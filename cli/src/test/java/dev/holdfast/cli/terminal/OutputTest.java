package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean terminal) {
    return new Console(out, err, terminal, OsString::encode);
  }

  @Test
  void jsonStringsAreEscapedAsGoDoes() {
    assertThat(Json.quote("a\"b\\c\n\u0001<>&\u2028é\uDC80"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\u0001\\u003c\\u003e\\u0026\\u2028é\\ufffd\"");
    assertThat(Json.quote("𝄞")).isEqualTo("\"𝄞\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1",
    "0.5,0.5",
    "46.12794612794613,46.12794612794613",
    "1e21,1e+21",
    "1e-7,1e-7",
    "123456789012,123456789012",
    "0.000001,0.000001"
  })
  void numbersAreWrittenAsGoDoes(double number, String text) {
    assertThat(Json.object().field("n", number).end()).isEqualTo("{\"n\":" + text + "}");
  }

  @Test
  void jsonIsIndentedAsGoDoes() {
    assertThat(JsonIndent.of("{\"a\":[],\"b\":{\"c\":[1,\"x:,{\"]}}"))
        .isEqualTo(
            "{\n  \"a\": [],\n  \"b\": {\n    \"c\": [\n      1,\n      \"x:,{\"\n    ]\n  }\n}");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "1023,1023 B",
    "1024,1.000 KiB",
    "1536,1.500 KiB",
    "1048576,1.000 MiB",
    "1073741824,1.000 GiB",
    "1099511627776,1.000 TiB"
  })
  void sizesHaveResticsUnits(long bytes, String text) {
    assertThat(Sizes.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void tableAlignsCellsOfSeveralLines() {
    Table table = new Table("ID", "Paths");
    table.row("1", "/a\n/b");
    table.row("22", "/c");
    table.footer("2 rows");
    assertThat(table.render())
        .isEqualTo("ID  Paths\n---------\n1   /a\n    /b\n22  /c\n---------\n2 rows\n");
  }

  @Test
  void bytesOfNamesArePrintedAsTheyAre() {
    Console console = console(false);
    console.line(OsString.decode(new byte[] {'x', (byte) 0xff, 'y'}));
    console.flush();
    assertThat(out.toByteArray()).isEqualTo(new byte[] {'x', (byte) 0xff, 'y', '\n'});
  }

  @Test
  void readerThatWentAwayEndsOutputInSilence() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Console console = new Console(gone, err, false, OsString::encode);
    console.line("lost");
    console.flush();
    console.line("lost as well");
    console.flush();
    assertThat(console.readerGone()).isTrue();
    assertThat(err.size()).isZero();
  }

  @Test
  void outputThatCannotBeWrittenIsRememberedAndNothingElseFails() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Console console = new Console(full, err, false, OsString::encode);
    console.line("lost");
    console.flush();
    console.line("lost as well");
    console.flush();
    assertThat(console.failure())
        .hasValueSatisfying(failure ->
            assertThat(failure)
                .isInstanceOf(HoldfastException.InputOutput.class)
                .hasMessage("standard output cannot be written: No space left on device"));
    assertThatThrownBy(() -> console.outputStream().write(new byte[1], 0, 1))
        .isInstanceOf(HoldfastException.InputOutput.class);
  }

  @Test
  void terminalThatMovesNoCursorGetsNoStatus() {
    assertThat(Terminals.movesCursor(Map.of("TERM", "xterm"))).isTrue();
    assertThat(Terminals.movesCursor(Map.of("TERM", "dumb"))).isFalse();
    Console console = new Console(out, err, true, false, OsString::encode);
    console.status(List.of("1 %"));
    console.line("text");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("text\n");
  }

  @Test
  void statusIsShownOnTerminalsOnlyAndWipedByOutput() {
    console(false).status(List.of("1 %"));
    assertThat(out.size()).isZero();
    Console terminal = console(true);
    terminal.status(List.of("1 %", "file"));
    terminal.line("done");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("1 %\nfile\r\u001b[1A\u001b[Jdone\n");
  }

  @Test
  void whatATerminalWouldObeyIsShownInATable() {
    Table table = new Table("Tags");
    table.row("one\n\u001b[31mtwo");
    assertThat(table.render()).contains("one\n", "\\x1b[31mtwo\n").doesNotContain("\u001b");
  }
}
