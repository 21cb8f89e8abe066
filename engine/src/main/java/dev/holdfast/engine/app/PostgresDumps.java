package dev.holdfast.engine.app;

import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.postgres.PinnedDatabase;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.repository.error.HoldfastException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Databases of a PostgreSQL server as files of a snapshot: `/postgres/<name>/database.dump`.
public final class PostgresDumps {
  private static final String DIRECTORY = "/postgres/";
  private static final String FILE = "/database.dump";
  private static final String KIND = "postgres";

  private PostgresDumps() {}

  /// Which of a server's databases.
  ///
  /// @param source what the configuration calls them; empty: each is called by its own name
  /// @param databases their names
  /// @param found whether these were found there, and not asked for by name: one that is gone when
  ///   the backup comes to it is no failure then
  /// @param globals whether to store what they have in common as well
  /// @param below a directory of their own, if there are several servers; empty for none
  public record Choice(
      Optional<String> source,
      List<String> databases,
      boolean found,
      boolean globals,
      String below) {
    public Choice {
      databases = List.copyOf(databases);
    }
  }

  /// The files. Nothing is pinned before the backup says so.
  ///
  /// @param server open until the backup is done
  public static List<AppDump> of(PostgresServer server, Choice choice) {
    String directory =
        choice.below().isEmpty() ? DIRECTORY : DIRECTORY + fileName(choice.below()) + "/";
    List<AppDump> dumps = new ArrayList<>();
    if (choice.globals()) {
      String path = directory + fileName(server.name()) + "/globals.sql";
      dumps.add(
          new AppDump(
              new BackupSubject.Label(choice.source().orElse(server.name()), path, Map.of()),
              new VirtualFile(path, server.globals())));
    }
    for (String database : choice.databases()) {
      String path = directory + fileName(database) + FILE;
      dumps.add(
          new AppDump(
              new BackupSubject.Label(
                  choice.source().orElse(database),
                  path,
                  Map.of(Manifest.DATABASE_BINDING, database)),
              new VirtualFile(path, new Dump(server, database, choice.found()))));
    }
    return dumps;
  }

  /// One database as a file of a snapshot at a path that is known.
  ///
  /// @param source what the configuration calls it
  public static AppDump of(PostgresServer server, String source, String database, String path) {
    return new AppDump(
        new BackupSubject.Label(source, path, Map.of(Manifest.DATABASE_BINDING, database)),
        new VirtualFile(path, new Dump(server, database, false)));
  }

  /// Where the dump of a database lies in a snapshot.
  public static String path(String database) {
    return DIRECTORY + fileName(database) + FILE;
  }

  /// Where it lies if there are several servers.
  public static String path(String below, String database) {
    return DIRECTORY + fileName(below) + "/" + fileName(database) + FILE;
  }

  /// A name as a name of a file: databases may be called anything.
  public static String fileName(String name) {
    String escaped = name.replace("%", "%25").replace("/", "%2F");
    return escaped.equals(".") || escaped.equals("..") ? escaped.replace(".", "%2E") : escaped;
  }

  /// A database that is pinned when all others are.
  private static final class Dump implements StreamSource {
    private final PostgresServer server;
    private final String database;
    private final boolean found;
    private @Nullable PinnedDatabase pinned;

    Dump(PostgresServer server, String database, boolean found) {
      this.server = server;
      this.database = database;
      this.found = found;
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public Claim claim() {
      return Claim.TRANSACTIONAL;
    }

    @Override
    public boolean pin() {
      try {
        pinned = server.pin(database);
        return true;
      } catch (HoldfastException.InputOutput e) {
        if (found && !server.exists(database)) {
          return false;
        }
        throw e;
      }
    }

    private PinnedDatabase pinned() {
      if (pinned == null) {
        throw new IllegalStateException("not pinned");
      }
      return pinned;
    }

    @Override
    public InputStream open() {
      return pinned().open();
    }

    @Override
    public OptionalLong expectedRowBytes() {
      return pinned().expectedRowBytes();
    }

    @Override
    public void confirmComplete() {
      pinned().confirmComplete();
    }

    @Override
    public Optional<SourceFacts> facts() {
      return pinned().facts();
    }

    @Override
    public void close() {
      if (pinned != null) {
        pinned.close();
      }
    }
  }
}
