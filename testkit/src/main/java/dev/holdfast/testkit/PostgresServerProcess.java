package dev.holdfast.testkit;

import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A PostgreSQL server of its own on a free port of this machine, with its data in a temporary
/// folder. Everybody on this machine may connect as anybody over its socket; over TCP the password
/// of [#USER] is [#PASSWORD]. It is gone when it is closed, or when the process ends.
public final class PostgresServerProcess implements AutoCloseable {
  /// The superuser.
  public static final String USER = "postgres";

  /// The superuser's password.
  public static final String PASSWORD = "a secret of postgres";

  private final Path programs;
  private final Path folder;
  private final Path data;
  private final int port;
  private final Thread onExit = new Thread(this::stop);

  private PostgresServerProcess(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.data = folder.resolve("data");
    this.port = port;
  }

  /// Starts a server.
  ///
  /// @param majorVersion 13 to 18
  /// @param settings lines of its configuration
  public static PostgresServerProcess start(int majorVersion, String... settings) {
    PostgresServerProcess server = create(PostgresBinaries.programs(majorVersion));
    server.runAsServer(
        server.programs.resolve("initdb").toString(),
        "--pgdata=" + server.data,
        "--username=" + USER,
        "--pwfile=" + server.passwordFile(),
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync");
    server.configure(settings);
    server.run();
    return server;
  }

  private static PostgresServerProcess create(Path programs) {
    try {
      Path folder = Files.createTempDirectory("holdfast-server-");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      return new PostgresServerProcess(programs, folder, freePort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path passwordFile() {
    try {
      return Files.writeString(folder.resolve("password"), PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void configure(String... settings) {
    List<String> lines = new ArrayList<>();
    lines.add("port=" + port);
    lines.add("listen_addresses='127.0.0.1'");
    lines.add("unix_socket_directories='" + folder + "'");
    lines.add("fsync=off");
    lines.add("shared_buffers=32MB");
    lines.addAll(List.of(settings));
    try {
      Files.write(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts a standby that follows this server, as soon as it answers.
  public PostgresServerProcess startStandby() {
    PostgresServerProcess standby = create(programs);
    standby.runAsServer(
        "pg_basebackup",
        "--host=" + folder,
        "--port=" + port,
        "--username=" + USER,
        "--pgdata=" + standby.data,
        "--checkpoint=fast",
        "--write-recovery-conf");
    standby.configure();
    standby.run();
    return standby;
  }

  private void run() {
    Runtime.getRuntime().addShutdownHook(onExit);
    startAgain();
  }

  /// Starts it again after [#halt]; returns when it answers.
  public void startAgain() {
    runAsServer(
        programs.resolve("pg_ctl").toString(),
        "start",
        "--wait",
        "--pgdata=" + data,
        "--log=" + folder.resolve("log"));
  }

  /// Stops it at once, as a crash does: it repairs itself when it is started again.
  public void halt() {
    runAsServer(
        programs.resolve("pg_ctl").toString(),
        "stop",
        "--wait",
        "--mode=immediate",
        "--pgdata=" + data);
  }

  /// Stops it at once, as a crash does, and starts it again.
  public void crash() {
    halt();
    startAgain();
  }

  /// Ends every connection and starts the server again with what was added to its configuration.
  ///
  /// @param settings further lines of its configuration
  public void restart(String... settings) {
    try {
      Files.write(data.resolve("postgresql.conf"), List.of(settings), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    runAsServer(
        programs.resolve("pg_ctl").toString(),
        "restart",
        "--wait",
        "--mode=fast",
        "--pgdata=" + data,
        "--log=" + folder.resolve("log"));
  }

  /// Gives a file to the user the server runs as, as it wants its private key.
  public void own(Path file) {
    if (Posix.geteuid() == 0) {
      Command.of("chown", "nobody", file.toString()).run().succeeded();
    }
  }

  /// Runs a command as the user the server runs as: it refuses to run as root.
  private void runAsServer(String... words) {
    Command command = Command.of(words);
    if (Posix.geteuid() == 0) {
      command =
          Command.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups").with(words);
    }
    // A server inherits the pipes and would keep them open.
    List<String> quiet =
        new ArrayList<>(
            List.of("sh", "-c", "\"$@\" >\"$0\" 2>&1", folder.resolve("output").toString()));
    quiet.addAll(command.words());
    CommandResult result = Command.of(quiet.toArray(String[]::new)).in(folder).run();
    if (result.exitCode() != 0) {
      throw new AssertionError(command.words() + " failed: " + output());
    }
  }

  private String output() {
    try {
      Path log = folder.resolve("log");
      return Files.readString(folder.resolve("output"))
          + (Files.isReadable(log) ? Files.readString(log) : "");
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Where its socket is, and its log.
  public Path folder() {
    return folder;
  }

  public Path data() {
    return data;
  }

  public int port() {
    return port;
  }

  /// Where its extensions are described; all servers of the version in this process have them.
  public Path extensions() {
    try (Stream<Path> files = Files.walk(programs.resolveSibling("share"))) {
      return files
          .filter(file -> file.endsWith("plpgsql.control"))
          .findFirst()
          .map(Path::getParent)
          .orElseThrow(() -> new AssertionError("no extensions"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The address of a database for the superuser, through the socket.
  public String address(String database) {
    return "postgresql://" + USER + "@/" + database + "?host=" + folder + "&port=" + port;
  }

  /// The address of a database for the superuser over TCP, without a password.
  public String tcpAddress(String database) {
    return "postgresql://" + USER + "@127.0.0.1:" + port + "/" + database;
  }

  /// Runs statements in a database and returns what they print, fields separated by `|`.
  ///
  /// @throws AssertionError if one fails
  public String sql(String database, String statements) {
    return Command.of(
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "--set=ON_ERROR_STOP=1",
            "--command=" + statements,
            address(database))
        .run()
        .succeeded()
        .output()
        .strip();
  }

  /// Stops it at once and deletes everything of it.
  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException _) {
      // The process ends, and the hook does the same once more.
    }
  }

  private synchronized void stop() {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      halt();
    }
    TemporaryFolders.delete(folder);
  }
}
