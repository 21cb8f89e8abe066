package dev.holdfast.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Says `ready`, then repeats each line that it is given, ignoring SIGHUP if the argument says so.
final class HangupProgram {
  private HangupProgram() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("ignore")) {
      Posix.ignoreHangup();
    }
    System.out.println("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(line);
      if (line.equals("end")) {
        return;
      }
    }
  }
}
