package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keys, as a terminal sends them, on JLine's own pseudo terminal.
@Timeout(120)
class ChooserTest {
  private static final int ROWS = 40;
  private static final String UP = "\u001b[A";
  private static final String DOWN = "\u001b[B";
  private static final String PAGE_UP = "\u001b[5~";
  private static final String PAGE_DOWN = "\u001b[6~";
  private static final String HOME = "\u001b[H";
  private static final String END = "\u001b[F";

  private final Screen screen = new Screen();

  /// What was drawn, for whoever waits for it.
  private static final class Screen extends ByteArrayOutputStream {
    private final CountDownLatch drawn = new CountDownLatch(1);

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      if (toString(StandardCharsets.UTF_8).contains("Esc: leave")) {
        drawn.countDown();
      }
    }

    @Override
    public synchronized void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }
  }

  private Optional<Integer> type(String keys) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(List.of("id%02d".formatted(i), i % 10 == 3 ? "Nightly" : "manual"));
    }
    LineDisciplineTerminal terminal =
        new LineDisciplineTerminal("test", "xterm", screen, StandardCharsets.UTF_8);
    try (Terminal closing = terminal) {
      terminal.setSize(Size.of(100, 15));
      Thread typist =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  // Typed once the list is there: before that a terminal is not in raw mode.
                  screen.drawn.await();
                  terminal.processInputBytes(keys.getBytes(StandardCharsets.UTF_8));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      Optional<Integer> chosen =
          new Chooser(closing, "Which?", List.of("Id", "Kind"), rows, 0).choose();
      typist.join();
      return chosen;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "D, 1",
    "DDD, 3",
    "DDU, 1",
    "U, 0",
    "P, 10",
    "PP, 20",
    "PPPPPP, 39",
    "PQ, 0",
    "E, 39",
    "EH, 0",
    "EU, 38"
  })
  void arrowsAndPagesMove(String moves, int expected) throws IOException {
    String keys =
        moves
            .replace("D", DOWN)
            .replace("U", UP)
            .replace("P", PAGE_DOWN)
            .replace("Q", PAGE_UP)
            .replace("H", HOME)
            .replace("E", END);
    assertThat(type(keys + "\r")).contains(expected);
  }

  @Test
  void typingLeavesWhatContainsIt() throws IOException {
    assertThat(type("nightly" + DOWN + "\r")).contains(13);
    assertThat(screen.toString(StandardCharsets.UTF_8)).contains("(with 'nightly')", "2 of 4");
  }

  @Test
  void backspaceTakesBackWhatWasTyped() throws IOException {
    assertThat(type("id07x\u007f\r")).contains(7);
  }

  @Test
  void whereNothingIsLeftEnterTakesNothing() throws IOException {
    assertThat(type("zzz\r\u001b")).isEmpty();
    assertThat(screen.toString(StandardCharsets.UTF_8)).contains("0 of 0");
  }

  @Test
  void escapeTakesNone() throws IOException {
    assertThat(type("\u001b")).isEmpty();
  }

  @Test
  void theListFitsOnTheScreenAndIsGoneAfterwards() throws IOException {
    assertThat(type(END + "\r")).contains(39);
    String text = screen.toString(StandardCharsets.UTF_8);
    String first = text.substring(0, text.indexOf("Esc: leave"));
    assertThat(first.chars().filter(c -> c == '\n').count()).isLessThan(15);
    assertThat(first).contains("> id00", "  id09").doesNotContain("id11");
    assertThat(text).endsWith("\u001b[J");
  }

  @Test
  void controlCInterrupts() {
    assertThatThrownBy(() -> type("\u0003")).isInstanceOf(HoldfastException.Cancelled.class);
  }
}
