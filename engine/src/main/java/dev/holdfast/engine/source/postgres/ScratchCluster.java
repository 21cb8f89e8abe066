package dev.holdfast.engine.source.postgres;

import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A server of this process's own, without any data at first, that listens on a socket which nobody
/// else can reach. It ends at once when it is closed, and when this process ends, however it does.
/// What it has written is left for whoever gave the folder.
///
/// PostgreSQL refuses to run as root; for root it runs as the user `postgres`, if there is one, or
/// `nobody`. Such a user could not come through the folders above: so the server inherits its
/// folder as an open descriptor, and clients reach the socket through one of this process.
public final class ScratchCluster implements AutoCloseable {
  private static final String DATA = "data";
  private static final String LOG = "log";

  /// Part of its socket's name; nobody listens on the network.
  private static final String PORT = "5432";

  /// What an empty database takes up, and more than that.
  static final long EMPTY_DATABASE_BYTES = 16L << 20;

  /// What is written before a checkpoint ends; by itself PostgreSQL would let it be eight times
  /// that, which nobody needs here.
  private static final long LOG_BYTES = 128L << 20;

  /// A cluster without databases of anybody, with the log that it may write.
  static final long EMPTY_BYTES = 4 * EMPTY_DATABASE_BYTES + 2 * LOG_BYTES;

  /// Its own superuser.
  private static final String USER = "postgres";

  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  /// Where the programs see their folder.
  private static final String INHERITED = "/proc/self/fd/9";

  /// Runs a program in the place of the shell, with the working folder as descriptor 9.
  private static final String IN_FOLDER = "exec 9<. && cd / && exec \"$@\"";

  /// The same; and the program is told to end at once when nobody holds the standard input any
  /// more.
  private static final String WITH_US =
      "exec 9<. 8<&0 && cd / && { (read -r _ <&8; kill -QUIT $$) >/dev/null 2>&1 9<&- &"
          + " exec \"$@\" 8<&- </dev/null; }";

  /// Nothing of it has to survive anything.
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=",
          "unix_socket_directories=.",
          "port=" + PORT,
          "fsync=off",
          "full_page_writes=off",
          "synchronous_commit=off",
          "wal_level=minimal",
          "min_wal_size=32MB",
          "max_wal_size=" + (LOG_BYTES >> 20) + "MB",
          "max_wal_senders=0",
          "archive_mode=off",
          "shared_buffers=64MB",
          "maintenance_work_mem=64MB",
          "logging_collector=off",
          "log_destination=stderr");

  private final ServerProgram program;
  private final Process server;
  private final Descriptor socket;
  private final Map<String, String> environment;

  private ScratchCluster(
      ServerProgram program, Process server, Descriptor socket, Map<String, String> environment) {
    this.program = program;
    this.server = server;
    this.socket = socket;
    this.environment = environment;
  }

  /// Makes one and starts it.
  ///
  /// @param folder does not exist yet; on a file system with room for all that is loaded
  /// @param majorVersion that it must have at least
  /// @param preload libraries that it begins with, as far as they are installed
  /// @param environment of this process
  /// @throws HoldfastException.NotFound if the programs of no such server are installed
  /// @throws HoldfastException.InputOutput if it does not start
  public static ScratchCluster start(
      Path folder, int majorVersion, List<String> preload, Map<String, String> environment) {
    ClientPrograms.Programs programs =
        ClientPrograms.find(java.util.Optional.empty(), environment)
            .withServer(majorVersion)
            .orElseThrow(() ->
                new HoldfastException.NotFound(
                    "no server of PostgreSQL %d or newer is installed here".formatted(majorVersion),
                    "install it (package 'postgresql-%d'; its service need not run), or name a server to make scratch databases on"
                        .formatted(majorVersion)));
    Map<String, String> own = withoutSettings(environment);
    Path data = folder.resolve(DATA);
    try {
      Files.createDirectory(folder);
      Files.createDirectory(data);
      ServerUser user = ServerUser.find();
      user.own(data);
      ServerProgram program = new ServerProgram(data, folder.resolve(LOG), user.prefix(), own);
      program.run(
          IN_FOLDER,
          List.of(
              programs.initdb(),
              "--pgdata=" + INHERITED,
              "--username=" + USER,
              "--auth=trust",
              "--encoding=UTF8",
              "--locale=C",
              "--no-sync"));
      return started(programs, program, preload, own);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "a server for the databases cannot be made in " + folder + ": " + Reason.of(e), "", e);
    }
  }

  private static ScratchCluster started(
      ClientPrograms.Programs programs,
      ServerProgram program,
      List<String> preload,
      Map<String, String> environment)
      throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(programs.server(), "-D", INHERITED),
                Stream.concat(SETTINGS.stream(), preload(programs, preload))
                    .flatMap(setting -> Stream.of("-c", setting)))
            .toList();
    Descriptor socket = Descriptor.open(program.folder().toString(), OPEN_FOLDER, 0);
    ScratchCluster cluster = null;
    try {
      cluster = new ScratchCluster(program, program.start(WITH_US, command), socket, environment);
      program.awaitReady(cluster.server);
      return cluster;
    } catch (IOException | RuntimeException e) {
      if (cluster == null) {
        socket.close();
      } else {
        cluster.close();
      }
      throw e;
    }
  }

  private static Stream<String> preload(ClientPrograms.Programs programs, List<String> wanted) {
    Path beside = programs.folder().resolveSibling("lib");
    List<String> installed =
        wanted.stream()
            .filter(name ->
                Stream.of(beside, beside.resolve("postgresql"))
                    .anyMatch(lib -> Files.exists(lib.resolve(name + ".so"))))
            .toList();
    return installed.isEmpty()
        ? Stream.empty()
        : Stream.of("shared_preload_libraries=" + String.join(",", installed));
  }

  /// A copy of an environment that leads to no server.
  static Map<String, String> withoutSettings(Map<String, String> environment) {
    Map<String, String> own = new HashMap<>(environment);
    own.keySet().removeIf(name -> name.startsWith("PG"));
    return own;
  }

  /// What libpq needs to reach it as its superuser.
  public Map<String, String> variables() {
    return new TreeMap<>(
        Map.of(
            "PGHOST",
            "/proc/" + Posix.getpid() + "/fd/" + socket.fd(),
            "PGPORT",
            PORT,
            "PGUSER",
            USER));
  }

  /// Connects to it.
  public PostgresRecovery connect() {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables());
    return PostgresRecovery.connect(PostgresSettings.parse("", all), all);
  }

  /// Makes what a dump expects of its server and does not bring: roles and tablespaces. Whose they
  /// are matters to nobody here, so every role may do everything.
  void prepareFor(PostgresRecovery server, SeekableDump dump) {
    for (String role : dump.roles()) {
      if (isOwn(role) && isMissing(server, "pg_roles WHERE rolname = ", role)) {
        server.run(List.of("CREATE ROLE " + Sql.name(role) + " SUPERUSER"));
      }
    }
    for (String space : dump.tablespaces()) {
      if (isOwn(space) && isMissing(server, "pg_tablespace WHERE spcname = ", space)) {
        server.run(
            List.of(
                "SET allow_in_place_tablespaces = on",
                "CREATE TABLESPACE " + Sql.name(space) + " LOCATION ''"));
      }
    }
  }

  private static boolean isOwn(String name) {
    return !name.startsWith("pg_") && !name.equals("public") && !name.equals("none");
  }

  private static boolean isMissing(PostgresRecovery server, String where, String name) {
    return server.ask(
        asked -> asked.query("SELECT 1 FROM " + where + Sql.literal(name), 1).isEmpty());
  }

  @Override
  public void close() {
    program.end(server);
    try {
      socket.close();
    } catch (PosixException e) {
      // Nothing was written through it.
    }
  }

  /// Ends the server of a process that is gone, if it is still there.
  ///
  /// @param folder that it was made in
  public static void endAbandoned(Path folder) {
    ServerProgram.endAbandoned(folder.resolve(DATA));
  }
}
