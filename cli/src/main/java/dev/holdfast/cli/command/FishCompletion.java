package dev.holdfast.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The completion script for the fish shell: one `complete` line for each command, command of a
/// command, and option. Options may stand before the command, and what they are given may have the
/// name of one, so that fish's own functions would find the wrong command, or none.
final class FishCompletion {
  private FishCompletion() {}

  static String of(CommandLine root) {
    StringBuilder script = new StringBuilder(functions(root));
    commands(script, "__holdfast_at", root);
    options(script, "__holdfast_at", root);
    for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
      String here = "__holdfast_at " + command.getKey();
      commands(script, here, command.getValue());
      options(script, here, command.getValue());
      for (Map.Entry<String, CommandLine> nested : command.getValue().getSubcommands().entrySet()) {
        options(script, here + " " + nested.getKey(), nested.getValue());
      }
    }
    return script.toString();
  }

  private static String functions(CommandLine root) {
    return """
    # fish completion for holdfast

    # The words so far that are neither options nor their values.
    function __holdfast_words
        set -l given (commandline -opc)
        set -e given[1]
        set -l is_value 0
        for word in $given
            if test $is_value = 1
                set is_value 0
            else if contains -- $word %s
                set is_value 1
            else if not string match -q -- '-*' $word
                echo $word
            end
        end
    end

    # Whether the command so far is this one; none without arguments.
    function __holdfast_at
        set -l words (__holdfast_words)
        set -l command $words[1]
        switch "$words[1] $words[2]"
            case %s
                set command $words[1..2]
        end
        test "$command" = "$argv"
    end

    """
        .formatted(String.join(" ", namesOfValued(root.getCommandSpec())), nestedCommands(root));
  }

  /// Options with a value that may stand before the command.
  private static List<String> namesOfValued(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (option.arity().min() > 0) {
        names.addAll(List.of(option.names()));
      }
    }
    return names;
  }

  private static String nestedCommands(CommandLine root) {
    List<String> nested = new ArrayList<>();
    root.getSubcommands()
        .forEach((name, command) ->
            command
                .getSubcommands()
                .keySet()
                .forEach(second -> nested.add(quote(name + " " + second))));
    return String.join(" ", nested);
  }

  /// @param here the condition under which the commands of `command` are offered
  private static void commands(StringBuilder script, String here, CommandLine command) {
    for (Map.Entry<String, CommandLine> one : command.getSubcommands().entrySet()) {
      script
          .append("complete -c holdfast -n '")
          .append(here)
          .append("' -f -a ")
          .append(one.getKey())
          .append(" -d ")
          .append(quote(ManualPages.summary(one.getValue().getCommandSpec())))
          .append('\n');
    }
  }

  /// @param here the condition under which the options are offered
  private static void options(StringBuilder script, String here, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.hidden()) {
        continue;
      }
      script.append("complete -c holdfast -n '").append(here).append('\'');
      for (String word : option.names()) {
        script.append(word.startsWith("--") ? " -l " : " -s ").append(word.replaceAll("^-+", ""));
      }
      script.append(option.arity().min() > 0 ? " -r" : "");
      script.append(" -d ").append(quote(String.join(" ", option.description()))).append('\n');
    }
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
