package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Asks a person to type a name before live data is replaced.
final class Confirmation {
  private static final int ANSWER_BYTES_MAX = 4096;

  private Confirmation() {}

  /// Whether the name was typed. The end of the input is a no.
  static boolean given(Session session, String name) {
    String wanted = name.substring(name.lastIndexOf('/') + 1);
    session.console().flush();
    session.console().errorText("type '" + wanted + "' to go on: ");
    try {
      return answer(session).equals(wanted);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the answer cannot be read: " + Reason.of(e), "--yes answers for you", e);
    }
  }

  private static String answer(Session session) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = session.input().read();
    while (next >= 0 && next != '\n' && line.size() < ANSWER_BYTES_MAX) {
      line.write(next);
      next = session.input().read();
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
