package dev.holdfast.engine.config;

import java.util.List;

/// How a command is run.
public sealed interface Invocation {
  /// A program and its arguments, run as they are.
  record Words(List<String> command) implements Invocation {
    public Words {
      command = List.copyOf(command);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("no program");
      }
    }
  }

  /// A text that `/bin/sh -c` runs.
  record Shell(String script) implements Invocation {}

  /// What the system is to execute.
  default List<String> words() {
    return switch (this) {
      case Words words -> words.command();
      case Shell shell -> List.of("/bin/sh", "-c", shell.script());
    };
  }

  /// The program's name, for messages: arguments may hold secrets.
  default String program() {
    return words().getFirst();
  }
}
