package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What is in a dump, as `pg_restore` lists it and takes it: a line for each thing, in the order in
/// which they are made.
///
/// @param lines begin with the number of the thing, or with a semicolon if they are for people
record RestoreList(List<String> lines) {
  /// A trigger that fires when anything is made, and what is said of one.
  private static final Pattern EVENT_TRIGGER =
      Pattern.compile("\\d+; \\d+ \\d+ ((COMMENT|SECURITY LABEL) - )?EVENT TRIGGER .*");

  RestoreList {
    lines = List.copyOf(lines);
  }

  static RestoreList of(
      ClientPrograms.Programs programs, PostgresRecovery server, SeekableDump dump) {
    try (ClientProcess list =
        ClientProcess.start(
            "pg_restore",
            List.of(programs.restore(), "--list", dump.path()),
            server.settings(),
            server.environment())) {
      String all = new String(list.output().readAllBytes(), StandardCharsets.UTF_8);
      if (list.exitCode() != 0) {
        throw new HoldfastException.InputOutput(
            "pg_restore cannot list the dump: " + list.lastErrors(), "", null);
      }
      return new RestoreList(all.lines().toList());
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "pg_restore cannot list the dump: " + Reason.of(e), "", e);
    }
  }

  private RestoreList without(Predicate<String> unwanted) {
    return new RestoreList(lines.stream().filter(line -> !unwanted.test(line)).toList());
  }

  /// The same without some things.
  ///
  /// @param ids their numbers in the dump
  RestoreList withoutEntries(Set<Integer> ids) {
    return without(line -> {
      int end = line.indexOf(';');
      return end > 0 && ids.contains(Integer.valueOf(line.substring(0, end)));
    });
  }

  /// Its event triggers alone. They are to come when all else is there, which `pg_restore` by
  /// itself does not do: it makes them before it fills materialized views, and they would fire.
  RestoreList eventTriggers() {
    return new RestoreList(lines.stream().filter(RestoreList::isEventTrigger).toList());
  }

  RestoreList withoutEventTriggers() {
    return without(RestoreList::isEventTrigger);
  }

  private static boolean isEventTrigger(String line) {
    return EVENT_TRIGGER.matcher(line).matches();
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /// For `--use-list`.
  UnnamedText text() {
    return UnnamedText.of(lines.stream().collect(Collectors.joining("\n", "", "\n")));
  }
}
