package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes a new database and a present one change names, in one transaction.
///
/// Both ways look where the databases are, by their numbers, which they keep, and do what is left
/// to do: so they can be called again after a crash at any moment of an earlier call, and when a
/// connection was lost before it was known what became of it.
public final class DatabaseNames {
  /// Comes behind the name of a database that was put aside, before the time of that.
  public static final String SAFETY = "_pre_restore_";

  private static final Pattern SAFETY_COPY =
      Pattern.compile(".*" + SAFETY + "\\d{8}_\\d{6}_\\p{XDigit}{4}(_\\d+)?", Pattern.DOTALL);

  private final PostgresRecovery server;
  private final Names names;
  private final NamesLock lock;
  private final long presentOid;
  private final long newOid;

  /// The names of one change.
  ///
  /// @param live of the present one, and then of the new one
  /// @param staged of the new one before
  /// @param safety of the present one afterwards
  public record Names(String live, String staged, String safety) {}

  /// @param presentOid zero if there is none
  /// @param newOid zero if there is none
  public DatabaseNames(PostgresRecovery server, Names names, long presentOid, long newOid) {
    this.server = server;
    this.names = names;
    this.lock = new NamesLock(server, names);
    this.presentOid = presentOid;
    this.newOid = newOid;
  }

  /// Whether a recovery named it so, when it put it aside.
  static boolean isSafetyCopy(String name) {
    return SAFETY_COPY.matcher(name).matches();
  }

  /// Gives the new one the name of the present one. Whoever is connected to either is cut off; the
  /// present one takes no more connections afterwards.
  public void swap() {
    lock.endHolder();
    boolean isAside = presentOid == 0 || isAt(presentOid, names.safety());
    if (isAside && (newOid == 0 || isAt(newOid, names.live()))) {
      return;
    }
    List<String> statements = new ArrayList<>();
    if (presentOid != 0) {
      require(presentOid, names.live());
      DatabaseLikeness likeness =
          server.ask(asked ->
              DatabaseLikeness.of(asked, server.majorVersion(), presentOid, names.staged()));
      shut(names.live());
      statements.add(rename(names.live(), names.safety()));
      statements.add(connections(names.safety(), false));
      if (newOid != 0) {
        statements.addAll(bringIn());
        statements.addAll(likeness.finish());
      }
    } else {
      statements.addAll(bringIn());
    }
    lock.run(statements);
  }

  private List<String> bringIn() {
    require(newOid, names.staged());
    server.cutOff(names.staged());
    return List.of(
        rename(names.staged(), names.live()),
        connections(names.live(), true),
        "ALTER DATABASE %s RESET %s".formatted(Sql.name(names.live()), Masking.MARK));
  }

  /// Gives the present one its name back.
  public void unswap() {
    lock.endHolder();
    Optional<PostgresRecovery.Entry> inTheWay = server.find(names.live());
    if (presentOid != 0 && inTheWay.isPresent() && inTheWay.get().oid() == presentOid) {
      if (!inTheWay.get().allowsConnections()) {
        lock.run(List.of(connections(names.live(), true)));
      }
      return;
    }
    List<String> statements = new ArrayList<>();
    if (inTheWay.isPresent()) {
      if (inTheWay.get().oid() != newOid) {
        throw elsewhere(names.live());
      }
      shut(names.live());
      statements.add(rename(names.live(), names.staged()));
    }
    if (presentOid != 0) {
      require(presentOid, names.safety());
      statements.add(rename(names.safety(), names.live()));
      statements.add(connections(names.live(), true));
    }
    if (!statements.isEmpty()) {
      lock.run(statements);
    }
  }

  private boolean isAt(long oid, String name) {
    return server.find(oid).map(entry -> entry.name().equals(name)).orElse(false);
  }

  private void require(long oid, String name) {
    if (!isAt(oid, name)) {
      throw elsewhere(name);
    }
  }

  private static HoldfastException elsewhere(String name) {
    return new HoldfastException.Rejected(
        "the database '" + name + "' was renamed or replaced by somebody else",
        "see the databases with 'psql -l', and give them back their names");
  }

  /// From now on nobody comes in, and nobody is left.
  private void shut(String database) {
    lock.run(List.of(connections(database, false)));
    server.cutOff(database);
  }

  private static String rename(String from, String to) {
    return "ALTER DATABASE %s RENAME TO %s".formatted(Sql.name(from), Sql.name(to));
  }

  private static String connections(String database, boolean allowed) {
    return "ALTER DATABASE %s ALLOW_CONNECTIONS %s".formatted(Sql.name(database), allowed);
  }
}
