package dev.holdfast.engine.recover.plan;

import dev.holdfast.posix.OsString;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One thing that a recovery replaces.
public sealed interface Replaced permits Replacement, ServerDatabase {
  /// What becomes of what is there.
  Replacement.Action action();

  /// Bytes of the new state in the snapshot; zero if there is none.
  long bytes();

  /// Where the present state goes: a path, or the name of a database on the same server.
  String safety();

  /// Statements that are run on a new state before it goes live.
  Optional<String> mask();

  /// Whether there is a new state.
  default boolean bringsSomething() {
    return action() != Replacement.Action.REMOVE;
  }

  /// Whether something is there that is put aside.
  default boolean hadSomething() {
    return action() != Replacement.Action.CREATE;
  }

  /// What is replaced, for people.
  default String describe() {
    return switch (this) {
      case Replacement file -> OsString.display(file.live());
      case ServerDatabase database ->
          "the database '%s' of %s".formatted(database.live(), database.server().name());
    };
  }

  /// Paths that no two recoveries may have at once, nor what is in them.
  default List<String> claims() {
    return switch (this) {
      case Replacement file -> List.of(file.live());
      case ServerDatabase database ->
          Stream.of(database.live(), database.staged())
              .map(name -> ServerDatabase.claim(database.server().identity(), name))
              .toList();
    };
  }
}
