package dev.holdfast.cli.command;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The completion script for the fish shell: one `complete` line for each command and option.
final class FishCompletion {
  private FishCompletion() {}

  static String of(CommandLine root) {
    StringBuilder script = new StringBuilder("# fish completion for holdfast\n");
    for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
      script
          .append("complete -c holdfast -n __fish_use_subcommand -f -a ")
          .append(command.getKey())
          .append(" -d ")
          .append(quote(ManualPages.summary(command.getValue().getCommandSpec())))
          .append('\n');
      options(script, command.getKey(), command.getValue());
    }
    return script.toString();
  }

  private static void options(StringBuilder script, String name, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.hidden()) {
        continue;
      }
      script
          .append("complete -c holdfast -n '__fish_seen_subcommand_from ")
          .append(name)
          .append('\'');
      for (String word : option.names()) {
        script.append(word.startsWith("--") ? " -l " : " -s ").append(word.replaceAll("^-+", ""));
      }
      script.append(option.arity().max() > 0 ? " -r" : "");
      script.append(" -d ").append(quote(String.join(" ", option.description()))).append('\n');
    }
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
