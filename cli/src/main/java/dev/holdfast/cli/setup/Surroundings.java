package dev.holdfast.cli.setup;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.PasswordPrompt;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.DistantFolder;
import dev.holdfast.repository.store.ObjectStore;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// What a run takes from the outside. The clock is in the zone of the person, and is asked for only
/// when it is needed: finding that zone out takes longer than a short command.
///
/// @param stores makes the stores that are asked for
/// @param folders makes places for exports that are not of this machine
/// @param engines the kinds of databases that are recognized, by what is to become of a DuckDB file
///   that is too new to be checked
/// @param newKeys what new keys record, of a host and a user, and what trying a password costs
/// @param program runs other command lines in this process
public record Surroundings(
    Console console,
    Environment environment,
    InputStream input,
    PasswordPrompt prompt,
    Supplier<Clock> clock,
    Function<StoreRequest, ObjectStore> stores,
    Function<StoreRequest, DistantFolder> folders,
    Function<App.NewerDuckDb, List<DatabaseEngine>> engines,
    BiFunction<String, String, KeyringOptions> newKeys,
    ProgramRunner program) {
  /// Runs a command line, given without the program's name, in the environment of this run with
  /// `variables` put over it.
  @FunctionalInterface
  public interface ProgramRunner {
    int run(List<String> arguments, Map<String, String> variables, Console output);
  }

  /// The same in another environment.
  Surroundings in(Environment other) {
    return new Surroundings(
        console, other, input, prompt, clock, stores, folders, engines, newKeys, program);
  }
}
