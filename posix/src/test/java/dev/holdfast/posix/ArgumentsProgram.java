package dev.holdfast.posix;

import java.util.HexFormat;

/// Prints the bytes of each of its arguments in hexadecimal.
final class ArgumentsProgram {
  private ArgumentsProgram() {}

  public static void main(String[] arguments) {
    for (String argument : RawArguments.of(arguments)) {
      System.out.println("<" + HexFormat.of().formatHex(OsString.encode(argument)) + ">");
    }
  }
}
