package dev.holdfast.engine.drill;

import dev.holdfast.engine.config.Hooks.Hook;
import dev.holdfast.engine.config.proof.Check;
import dev.holdfast.engine.drill.DrillReport.CheckResult;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.hook.HookCommand;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Asks the checks of an app about what is in the scratch folder.
final class Checks {
  /// What is shown of what a command says.
  private static final int SHOWN_CHARACTERS = 200;

  private static final String DOES_NOT = "; it should be ";

  private final ScratchData data;
  private final List<ManifestSource> databases;
  private final Asking asking;
  private final Map<String, String> environment;

  /// Answers a query.
  @FunctionalInterface
  interface Asking {
    /// The first value, as text.
    String ask(ManifestSource database, String query);
  }

  /// @param databases that can be asked
  /// @param environment of commands
  Checks(
      ScratchData data,
      List<ManifestSource> databases,
      Asking asking,
      Map<String, String> environment) {
    this.data = data;
    this.databases = List.copyOf(databases);
    this.asking = asking;
    this.environment = Map.copyOf(environment);
  }

  CheckResult run(Check check) {
    try {
      return switch (check) {
        case Check.Sql sql -> sql(sql);
        case Check.Files files -> files(files);
        case Check.Command command -> command(command);
      };
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return new CheckResult(check.name(), kind(check), false, String.valueOf(e.getMessage()));
    }
  }

  /// A check that could not be asked.
  static CheckResult notAsked(Check check) {
    return new CheckResult(
        check.name(), kind(check), false, "not asked, because not everything could be recovered");
  }

  private static String kind(Check check) {
    return switch (check) {
      case Check.Sql _ -> "sql";
      case Check.Files _ -> "files";
      case Check.Command _ -> "command";
    };
  }

  private CheckResult sql(Check.Sql check) {
    List<ManifestSource> asked =
        databases.stream()
            .filter(database -> check.source().map(database.name()::equals).orElse(true))
            .toList();
    if (asked.isEmpty() || (check.source().isEmpty() && asked.size() > 1)) {
      return new CheckResult(
          check.name(),
          "sql",
          false,
          asked.isEmpty()
              ? "the snapshot has no such database"
              : "it names no source, and there are " + asked.size() + " databases");
    }
    String last = "";
    for (ManifestSource database : asked) {
      String answer = asking.ask(database, check.query());
      Optional<String> wrong = wrong(check, answer);
      String where = asked.size() == 1 ? "" : OsString.display(database.path()) + ": ";
      if (wrong.isPresent()) {
        return new CheckResult(check.name(), "sql", false, where + wrong.get());
      }
      last = asked.size() == 1 ? "'" + answer + "'" : asked.size() + " databases asked";
    }
    return new CheckResult(check.name(), "sql", true, last);
  }

  private static Optional<String> wrong(Check.Sql check, String answer) {
    String shown = "the answer is '" + answer + "'";
    if (check.equal().isPresent()) {
      return check.equal().get().equals(answer)
          ? Optional.empty()
          : Optional.of(shown + DOES_NOT + "'" + check.equal().get() + "'");
    }
    BigDecimal number;
    try {
      number = new BigDecimal(answer.strip());
    } catch (NumberFormatException e) {
      return Optional.of(shown + ", which is no number");
    }
    if (isBeyond(check.least(), number, -1)) {
      return Optional.of(shown + DOES_NOT + "at least " + check.least().getAsLong());
    }
    if (isBeyond(check.most(), number, 1)) {
      return Optional.of(shown + DOES_NOT + "at most " + check.most().getAsLong());
    }
    return Optional.empty();
  }

  private static boolean isBeyond(OptionalLong bound, BigDecimal number, int direction) {
    return bound.isPresent()
        && number.compareTo(BigDecimal.valueOf(bound.getAsLong())) * direction > 0;
  }

  private CheckResult files(Check.Files check) {
    PathFilter filter = PathFilter.of(List.of(check.pattern()));
    long count = 0;
    try {
      for (ScratchData.Found file : data.files()) {
        if (file.live().stream().noneMatch(filter::matches)) {
          continue;
        }
        if (file.bytes() < check.minBytes()) {
          return new CheckResult(
              check.name(),
              "files",
              false,
              "%s has %d bytes%sat least %d"
                  .formatted(
                      OsString.display(file.live().getFirst()),
                      file.bytes(),
                      DOES_NOT,
                      check.minBytes()));
        }
        count++;
      }
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          "the scratch folder cannot be read: " + Reason.of(e), "", e);
    }
    boolean enough = count >= check.least();
    String found = count + " files match " + check.pattern();
    return new CheckResult(
        check.name(),
        "files",
        enough,
        enough ? found : found + "; there should be at least " + check.least());
  }

  private CheckResult command(Check.Command check) {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    try {
      Optional<String> failure =
          new HookCommand(new Hook(check.command(), check.limit()), environment, lines::add).run();
      String said = lines.isEmpty() ? "" : ": " + shortened(lines.getLast());
      return new CheckResult(
          check.name(),
          "command",
          failure.isEmpty(),
          failure
              .map(text -> check.command().program() + " " + text + said)
              .orElseGet(() -> "done" + said));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted while the checks were asked");
    }
  }

  private static String shortened(String line) {
    return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS) + "…";
  }
}
