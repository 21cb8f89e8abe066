package dev.holdfast.cli;

import dev.holdfast.cli.command.Commands;
import dev.holdfast.cli.setup.Environment;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.GlobalOptions;
import dev.holdfast.cli.setup.KnownRepositories;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Surroundings;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ConsoleWriter;
import dev.holdfast.cli.terminal.PasswordPrompt;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.duckdb.DuckDbEngine;
import dev.holdfast.engine.source.duckdb.DuckDbOptions;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.key.KeyringOptions;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Runs one command line: parses, executes, prints what went wrong, and returns the exit status.
/// Made anew for every run; touches no state of the process, so that tests run it in-process.
final class Program {
  private static final int HELP_COLUMNS = 100;
  private static final int TRACE_VERBOSITY = 3;
  private static final Pattern VERBOSE_LEVEL = Pattern.compile("(?:--verbose|-v)=(\\d)");

  private final Surroundings surroundings;

  Program(
      Console console,
      Map<String, String> variables,
      InputStream input,
      boolean inputIsTerminal,
      Supplier<Clock> clock,
      BiFunction<String, String, KeyringOptions> newKeys) {
    Stores stores = new Stores(console, Clock.systemUTC());
    surroundings =
        new Surroundings(
            console,
            new Environment(variables),
            input,
            new PasswordPrompt(console, input, inputIsTerminal),
            clock,
            stores,
            stores::folder,
            newer -> databaseEngines(new Environment(variables), newer),
            newKeys,
            (arguments, more, output) -> {
              Map<String, String> both = new HashMap<>(variables);
              both.putAll(more);
              return new Program(output, both, input, inputIsTerminal, clock, newKeys)
                  .run(arguments);
            });
  }

  /// The kinds of databases. None of them loads its driver before it meets a database.
  private static List<DatabaseEngine> databaseEngines(
      Environment environment, App.NewerDuckDb newer) {
    Path library = environment.cacheHome().resolve("holdfast").resolve("native");
    return List.of(
        new SqliteEngine(SqliteOptions.defaults()),
        new DuckDbEngine(
            DuckDbOptions.defaults()
                .withLibraryDirectory(library.toString())
                .withUnverifiable(
                    switch (newer) {
                      case REFUSE -> DuckDbOptions.Unverifiable.REFUSE;
                      case UNVERIFIED -> DuckDbOptions.Unverifiable.STORE;
                    })));
  }

  /// The root of the command tree: no work of its own.
  @Command(
      name = "holdfast",
      synopsisSubcommandLabel = "COMMAND",
      description = "Backs up live application databases and files, and gets them back.")
  static final class Root {
    @Mixin final GlobalOptions globals = new GlobalOptions();
  }

  /// Runs the command line `given`, which is without the program's name.
  int run(List<String> given) {
    Root root = new Root();
    int status = execute(given, root);
    Console console = surroundings.console();
    console.flush();
    // One that failed has said why, and has not done what the words here promise.
    Optional<HoldfastException> lost = console.failure().filter(_ -> status != ExitCode.FAILED);
    lost.ifPresent(failure -> failed(failure, root.globals));
    return lost.isPresent() && status == ExitCode.DONE ? ExitCode.FAILED : status;
  }

  private int execute(List<String> given, Root root) {
    Console console = surroundings.console();
    try (KnownRepositories known = new KnownRepositories()) {
      Session session = new Session(surroundings, root.globals, known);
      List<String> arguments = spellOut(given);
      CommandLine line = new CommandLine(root);
      Commands.register(line, session, arguments);
      configure(line, root.globals);
      if (arguments.isEmpty()) {
        console.text(line.getUsageMessage(Ansi.OFF));
        return ExitCode.DONE;
      }
      PrintWriter out = new PrintWriter(new ConsoleWriter(console));
      line.setOut(out);
      line.setParameterExceptionHandler((thrown, args) -> wrongUsage(thrown, root.globals));
      line.setExecutionStrategy(Program::executeUnlessEmpty);
      line.setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown, root.globals));
      int status = line.execute(arguments.toArray(String[]::new));
      out.flush();
      return status;
    } catch (Throwable t) { // the one place where everything ends, bugs included
      return failed(t, root.globals);
    }
  }

  /// An argument with nothing in it would be the present folder where it is a path, and any where
  /// it is an id. Only `backup` goes on without it, as restic does.
  ///
  /// @throws ParameterException if there is one
  private static int executeUnlessEmpty(ParseResult parsed) {
    CommandLine last = parsed.asCommandLineList().getLast();
    for (PositionalParamSpec each : last.getParseResult().matchedPositionals()) {
      if (each.originalStringValues().contains("") && !last.getCommandName().equals("backup")) {
        throw new ParameterException(
            last, "the argument %s is empty: is a variable not set?".formatted(each.paramLabel()));
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static void configure(CommandLine line, GlobalOptions globals) {
    line.setExpandAtFiles(false);
    line.setAllowOptionsAsOptionParameters(true);
    line.setAllowSubcommandsAsOptionParameters(true);
    line.setOverwrittenOptionsAllowed(true);
    line.setUsageHelpWidth(HELP_COLUMNS);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    addHelp(line);
    addShortForConfiguration(line, globals);
  }

  /// `-c` for `--config`, but where it is restic's `--compact`.
  private static void addShortForConfiguration(CommandLine line, GlobalOptions globals) {
    CommandSpec spec = line.getCommandSpec();
    if (!spec.optionsMap().containsKey("-c")) {
      spec.addOption(
          OptionSpec.builder("-c")
              .paramLabel("FILE")
              .type(String.class)
              .setter(
                  new ISetter() {
                    @Override
                    @SuppressWarnings("TypeParameterUnusedInFormals") // picocli's
                    public <T> @Nullable T set(@Nullable T value) {
                      if (value != null) {
                        globals.useConfiguration(value.toString());
                      }
                      return null;
                    }
                  })
              .description("short for --config")
              .build());
    }
    line.getSubcommands().values().forEach(child -> addShortForConfiguration(child, globals));
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("print how the command is used")
                .build());
    line.getSubcommands().values().forEach(Program::addHelp);
  }

  /// `--verbose=2` is restic's way of writing `-vv`, and `help COMMAND` of `COMMAND --help`.
  private static List<String> spellOut(List<String> given) {
    List<String> arguments = new ArrayList<>();
    List<String> words = given;
    if (!given.isEmpty() && given.getFirst().equals("help")) {
      words = new ArrayList<>(given.subList(1, given.size()));
      words.add("--help");
    }
    boolean options = true;
    for (String argument : words) {
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

  private int wrongUsage(ParameterException thrown, GlobalOptions globals) {
    String message = firstLine(thrown.getMessage());
    if (thrown instanceof UnmatchedArgumentException unmatched
        && thrown.getCommandLine().getParent() == null
        && !unmatched.isUnknownOption()) {
      message = "unknown command '" + unmatched.getUnmatched().getFirst() + "'";
    }
    String name = thrown.getCommandLine().getCommandSpec().qualifiedName();
    new Failure(ExitCode.WRONG_USAGE, message, "see '" + name + " --help'")
        .print(surroundings.console(), globals.json());
    return ExitCode.WRONG_USAGE;
  }

  private int failed(Throwable thrown, GlobalOptions globals) {
    Failure failure = Failure.of(thrown);
    if (globals.verbosity() >= TRACE_VERBOSITY) {
      Failure.printTrace(surroundings.console(), thrown);
    }
    failure.print(surroundings.console(), globals.json());
    return failure.exitCode();
  }

  private static String firstLine(@Nullable String message) {
    String line =
        message == null
            ? "wrong usage"
            : message
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("('[-+]?[0-9]+') is not an? (int|long)$", "$1 is out of range")
                .replaceFirst("is not an? (int|long)$", "is not a whole number");
    return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
  }
}
