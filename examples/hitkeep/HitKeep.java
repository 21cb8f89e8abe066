import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A small HitKeep: a process that holds a control database and a database for each team open, and
/// counts hits in them without a pause. In each team's database the rows of `hits` are as many as
/// `total` says, in every committed state.
///
/// `java HitKeep.java run ROOT` keeps running; a line `team NAME` on its input founds a team, a line
/// `stop` ends it. `java HitKeep.java verify ROOT` opens what was restored, checks it and
/// prints what is in it; `resume ROOT` opens what is there, counts once more and ends; `export ROOT
/// TIME` writes what HitKeep's own backups are.
final class HitKeep {
  private static final int FIRST_HITS = 50_000;
  private static final int HITS_AT_ONCE = 20;

  private final Path root;
  private final Connection control;
  private final Map<String, Connection> teams = new TreeMap<>();

  private HitKeep(Path root) throws SQLException, IOException {
    this.root = root;
    Files.createDirectories(root.resolve("data/tenants"));
    Files.createDirectories(root.resolve("archive/2025"));
    control = open(root.resolve("data/hitkeep.db"));
    execute(control, "CREATE TABLE IF NOT EXISTS team(name VARCHAR PRIMARY KEY, founded TIMESTAMP)");
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[1]);
    if (arguments[0].equals("verify")) {
      verify(root);
      return;
    }
    HitKeep app = new HitKeep(root);
    if (!arguments[0].equals("run")) {
      app.reopen();
      if (arguments[0].equals("export")) {
        app.export(arguments[2]);
      } else {
        for (Connection team : app.teams.values()) {
          count(team);
        }
      }
      app.close();
      return;
    }
    for (String team : new String[] {"amber", "blue", "green"}) {
      app.found(team);
    }
    execute(
        app.teams.get("blue"),
        "COPY (SELECT range AS id, 'old' AS page FROM range(1000)) TO '%s' (FORMAT parquet)"
            .formatted(root.resolve("archive/2025/blue.parquet")));
    app.run();
  }

  private static Connection open(Path database) throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + database);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The database first, then the row that says that it is there.
  private void found(String team) throws SQLException, IOException {
    Path folder = Files.createDirectories(root.resolve("data/tenants").resolve(team));
    Connection database = open(folder.resolve("hitkeep.db"));
    execute(database, "CREATE TABLE hits(id BIGINT, page VARCHAR, visitor UBIGINT)");
    execute(database, "CREATE TABLE total(hits BIGINT)");
    execute(
        database,
        "INSERT INTO hits SELECT range, '/page/' || range %% 100, hash(range) FROM range(%d)"
            .formatted(FIRST_HITS));
    execute(database, "INSERT INTO total VALUES (" + FIRST_HITS + ")");
    teams.put(team, database);
    execute(control, "INSERT INTO team VALUES ('" + team + "', now()::TIMESTAMP)");
    System.out.println("founded " + team);
  }

  private void reopen() throws SQLException, IOException {
    try (Stream<Path> folders = Files.list(root.resolve("data/tenants"))) {
      for (Path folder : folders.sorted().toList()) {
        teams.put(folder.getFileName().toString(), open(folder.resolve("hitkeep.db")));
      }
    }
  }

  private void export(String time) throws SQLException, IOException {
    Path backups = root.resolve("backups");
    Files.createDirectories(backups.resolve("shared"));
    export(control, backups.resolve("shared").resolve(time));
    for (Map.Entry<String, Connection> team : teams.entrySet()) {
      Path folder = Files.createDirectories(backups.resolve("tenants").resolve(team.getKey()));
      export(team.getValue(), folder.resolve(time));
    }
  }

  private static void export(Connection database, Path folder) throws SQLException {
    execute(database, "EXPORT DATABASE '" + folder + "' (FORMAT parquet)");
  }

  private void close() throws SQLException {
    for (Connection team : teams.values()) {
      team.close();
    }
    control.close();
  }

  private void run() throws SQLException, IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (int round = 0; ; round++) {
      if (System.in.available() > 0) {
        String line = input.readLine();
        if (line == null || line.equals("stop")) {
          break;
        }
        found(line.substring("team ".length()));
      }
      for (Connection team : teams.values()) {
        count(team);
        if (round % 50 == 0) {
          execute(team, "CHECKPOINT");
        }
      }
    }
    close();
  }

  private static void count(Connection team) throws SQLException {
    team.setAutoCommit(false);
    execute(
        team,
        "INSERT INTO hits SELECT 1000000 + range, '/new', hash(random()) FROM range(%d)"
            .formatted(HITS_AT_ONCE));
    execute(team, "UPDATE total SET hits = hits + " + HITS_AT_ONCE);
    team.commit();
    team.setAutoCommit(true);
  }

  private static void verify(Path root) throws SQLException, IOException {
    Path tenants = root.resolve("data/tenants");
    try (Connection control = open(root.resolve("data/hitkeep.db"));
        Stream<Path> folders = Files.list(tenants)) {
      for (Path folder : folders.sorted().toList()) {
        String team = folder.getFileName().toString();
        require(number(control, "SELECT count(*) FROM team WHERE name = '" + team + "'") == 1, team);
        try (Connection database = open(folder.resolve("hitkeep.db"))) {
          long hits = number(database, "SELECT count(*) FROM hits");
          require(hits == number(database, "SELECT hits FROM total"), team + " is half done");
          System.out.println(team + " " + hits);
        }
      }
      System.out.println("teams " + number(control, "SELECT count(*) FROM team"));
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("wrong: " + what);
    }
  }
}
