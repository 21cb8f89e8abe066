package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.error.HoldfastException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens databases together, as far as that goes: one that does not take part is opened by itself,
/// and whoever reads of the skew learns why. Used once.
final class DatabaseOpening {
  private final DatabaseEngine engine;
  private final List<FoundDatabase> databases;
  private final Map<FoundDatabase, Content> contents = new LinkedHashMap<>();
  private final Map<FoundDatabase, HoldfastException> failures = new LinkedHashMap<>();
  private final Map<FoundDatabase, String> alone = new LinkedHashMap<>();

  DatabaseOpening(DatabaseEngine engine, List<FoundDatabase> databases) {
    this.engine = engine;
    this.databases = databases;
  }

  /// What could be opened; for the caller to close.
  Map<FoundDatabase, Content> contents() {
    return contents;
  }

  /// What could not, and why.
  Map<FoundDatabase, HoldfastException> failures() {
    return failures;
  }

  /// Why the database was opened by itself, if it was meant to be opened with others.
  Optional<String> openedAlone(FoundDatabase database) {
    return Optional.ofNullable(alone.get(database));
  }

  void open() {
    if (databases.size() == 1 || !engine.fixesOneInstant()) {
      databases.forEach(this::openOne);
      return;
    }
    try {
      openTogether(databases);
      return;
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      // Which of them it was is found out one by one.
      separate();
    }
    List<FoundDatabase> rest =
        databases.stream().filter(database -> !alone.containsKey(database)).toList();
    try {
      openTogether(rest);
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      rest.forEach(database -> alone.put(database, reason(e)));
    }
    List.copyOf(alone.keySet()).forEach(this::openOne);
  }

  private void openTogether(List<FoundDatabase> together) {
    List<Content> opened = engine.openTogether(DatabasePhase.files(together));
    for (int i = 0; i < opened.size(); i++) {
      contents.put(together.get(i), opened.get(i));
    }
  }

  private void separate() {
    for (FoundDatabase database : databases) {
      try {
        engine.openTogether(List.of(database.file())).forEach(Content::close);
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        alone.put(database, reason(e));
      }
    }
  }

  private void openOne(FoundDatabase database) {
    try {
      contents.put(database, engine.open(database.file()));
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      failures.put(database, e);
    }
  }

  private static String reason(HoldfastException e) {
    return "it does not show the instant of the others, as it was opened after them: "
        + e.getMessage();
  }
}
