package dev.holdfast.engine.recover;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.error.HoldfastException;
import java.util.stream.Collectors;

/// What is noted beside a staged database once it was masked: the rows of its tables, which are no
/// longer those of the manifest. Without the note it was not masked.
final class MaskedNote {
  private static final String FIRST_LINE = "masked\n";

  private MaskedNote() {}

  static String of(SourceFacts facts) {
    return facts.tables().stream()
        .map(table -> table.rows() + " " + table.name() + "\n")
        .sorted()
        .collect(Collectors.joining("", FIRST_LINE, ""));
  }

  /// Compares a database with its note.
  ///
  /// @param live what it will be, for messages
  static void compare(String live, String note, SourceFacts found) {
    if (!note.equals(of(found))) {
      throw new HoldfastException.Corrupt(
          "the new " + live + " does not have the rows that it had when it was masked", null);
    }
  }
}
