package dev.holdfast.cli;

import dev.holdfast.cli.command.Commands;
import dev.holdfast.cli.setup.Environment;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.GlobalOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Runs one command line: parses, executes, prints what went wrong, and returns the exit status.
/// Made anew for every run; touches no state of the process, so that tests run it in-process.
final class Program {
  private static final Pattern VERBOSE_LEVEL = Pattern.compile("--verbose=(\\d)");

  private final Console console;
  private final Environment environment;
  private final InputStream input;
  private final Clock clock;

  Program(Console console, Map<String, String> variables, InputStream input, Clock clock) {
    this.console = console;
    this.environment = new Environment(variables);
    this.input = input;
    this.clock = clock;
  }

  /// The root of the command tree: no work of its own.
  @Command(
      name = "holdfast",
      synopsisSubcommandLabel = "COMMAND",
      description = "Backs up live application databases and files, and gets them back.")
  static final class Root {
    @Mixin final GlobalOptions globals = new GlobalOptions();
  }

  /// @param arguments the command line without the program's name
  int run(List<String> arguments) {
    Root root = new Root();
    try {
      return run(root, arguments);
    } catch (ParameterException e) {
      return wrongUsage(e, root.globals.json());
    } catch (Throwable t) { // the one place where everything ends, bugs included
      return failed(t, root.globals);
    } finally {
      console.flush();
    }
  }

  private int run(Root root, List<String> given) throws Exception {
    Session session = new Session(console, root.globals, environment, input, clock);
    List<String> arguments = spellOutLevels(given);
    CommandLine line = new CommandLine(root);
    Commands.register(line, session, arguments);
    configure(line);
    ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
    if (!parsed.errors().isEmpty()) {
      throw parsed.errors().getFirst();
    }
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandLine chosen = last.commandSpec().commandLine();
    if (last.isUsageHelpRequested()) {
      console.text(usage(chosen));
      return ExitCode.DONE;
    }
    if (chosen.getCommandSpec().userObject() instanceof Callable<?> command
        && command.call() instanceof Integer status) {
      return status;
    }
    console.text(usage(chosen));
    return arguments.isEmpty() ? ExitCode.DONE : ExitCode.WRONG_USAGE;
  }

  private static void configure(CommandLine line) {
    line.setExpandAtFiles(false);
    line.setAllowOptionsAsOptionParameters(true);
    line.setAllowSubcommandsAsOptionParameters(true);
    line.setOverwrittenOptionsAllowed(true);
    line.setUsageHelpWidth(100);
    line.setAbbreviatedOptionsAllowed(false);
    addHelp(line);
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("print how the command is used")
                .build());
    line.getSubcommands().values().forEach(Program::addHelp);
  }

  /// `--verbose=2` is restic's way of writing `-vv`.
  private static List<String> spellOutLevels(List<String> given) {
    List<String> arguments = new ArrayList<>();
    boolean options = true;
    for (String argument : given) {
      options &= !argument.equals("--");
      Matcher level = VERBOSE_LEVEL.matcher(argument);
      if (options && level.matches()) {
        int times = Math.min(Integer.parseInt(level.group(1)), 2);
        for (int i = 0; i < times; i++) {
          arguments.add("--verbose");
        }
      } else {
        arguments.add(argument);
      }
    }
    return arguments;
  }

  private int wrongUsage(ParameterException thrown, boolean json) {
    String message = firstLine(thrown.getMessage());
    if (thrown instanceof UnmatchedArgumentException unmatched
        && thrown.getCommandLine().getParent() == null
        && !unmatched.isUnknownOption()) {
      message = "unknown command '" + unmatched.getUnmatched().getFirst() + "'";
    }
    String name = thrown.getCommandLine().getCommandSpec().qualifiedName();
    new Failure(ExitCode.WRONG_USAGE, message, "see '" + name + " --help'").print(console, json);
    return ExitCode.WRONG_USAGE;
  }

  private int failed(Throwable thrown, GlobalOptions globals) {
    Failure failure = Failure.of(thrown);
    if (globals.verbosity() >= 3) {
      Failure.printTrace(console, thrown);
    }
    failure.print(console, globals.json());
    return failure.exitCode();
  }

  private static String firstLine(@Nullable String message) {
    String line = message == null ? "wrong usage" : message.lines().findFirst().orElse("");
    return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
  }

  private static String usage(CommandLine command) {
    StringWriter text = new StringWriter();
    command.usage(new PrintWriter(text), CommandLine.Help.Ansi.OFF);
    return text.toString();
  }
}
