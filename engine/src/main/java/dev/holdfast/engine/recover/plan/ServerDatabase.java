package dev.holdfast.engine.recover.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A database of a PostgreSQL server that a recovery replaces.
///
/// @param from where the dump is in the snapshot; empty of an undo, and if nothing takes its place
/// @param path where snapshots of the present state have its dump
/// @param live the database's name
/// @param staged the name that the new state has until it goes live; of an undo, the one it had
/// @param safety the name that the present state gets
/// @param liveOid of what is replaced; zero if there is nothing
/// @param mask statements that are run on the new state before it goes live
public record ServerDatabase(
    Replacement.Action action,
    Way way,
    Server server,
    Optional<String> from,
    String path,
    String live,
    String staged,
    String safety,
    long liveOid,
    long bytes,
    Optional<String> mask)
    implements Replaced {
  /// How the new state takes the place of the present one.
  public enum Way {
    /// It is made as a database of its own; then names change.
    BESIDE,
    /// The content is replaced, in one transaction. The way back is the restore point.
    IN_PLACE
  }

  public ServerDatabase {
    if ((action == Replacement.Action.CREATE) != (liveOid == 0)) {
      throw new IllegalArgumentException(live + " to " + action + " with oid " + liveOid);
    }
    if (way == Way.IN_PLACE && (action != Replacement.Action.REPLACE || from.isEmpty())) {
      throw new IllegalArgumentException(live + " to " + action + " in place");
    }
  }

  /// How a server is found again, by whichever process goes on.
  ///
  /// @param source what the configuration calls it, which knows its password; empty if it was
  ///   reached by an address
  /// @param keywords settings of libpq, without any secret
  /// @param name for people
  /// @param identity what no other server has
  public record Server(
      Optional<String> source, Map<String, String> keywords, String name, String identity) {
    public Server {
      keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
    }
  }

  /// The claim of [Replaced#claims] on a database.
  ///
  /// @param server its identity
  public static String claim(String server, String database) {
    return "/postgresql/" + server + "/" + database.replace("%", "%25").replace("/", "%2F");
  }

  /// Whether the new state is there already, as the safety copy of an earlier recovery.
  public boolean isUndo() {
    return from.isEmpty() && bringsSomething();
  }
}
