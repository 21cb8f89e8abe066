package dev.holdfast.cli.command;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The completion script for the fish shell: one `complete` line for each command, command of a
/// command, and option.
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
      String seen = "__fish_seen_subcommand_from " + command.getKey();
      options(script, seen, command.getValue());
      for (Map.Entry<String, CommandLine> nested : command.getValue().getSubcommands().entrySet()) {
        script
            .append("complete -c holdfast -n '")
            .append(seen)
            .append("' -f -a ")
            .append(nested.getKey())
            .append(" -d ")
            .append(quote(ManualPages.summary(nested.getValue().getCommandSpec())))
            .append('\n');
        options(
            script,
            seen + "; and __fish_seen_subcommand_from " + nested.getKey(),
            nested.getValue());
      }
    }
    return script.toString();
  }

  /// @param seen the condition under which the options are offered
  private static void options(StringBuilder script, String seen, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.hidden()) {
        continue;
      }
      script.append("complete -c holdfast -n '").append(seen).append('\'');
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
