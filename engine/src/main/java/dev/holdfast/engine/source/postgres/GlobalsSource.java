package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What belongs to a server and to none of its databases, as the SQL that makes it: roles,
/// memberships, tablespaces, settings of roles.
public final class GlobalsSource implements StreamSource {
  /// What `pg_dumpall` writes at the end.
  private static final String END = "-- PostgreSQL database cluster dump complete";

  /// So many roles nobody has.
  private static final int MAX_BYTES = 256 * 1024 * 1024;

  private final ClientPrograms.Programs programs;
  private final PostgresSettings settings;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Silence silence;
  private final String version;
  private final String database;
  private final boolean passwords;
  private @Nullable Instant instant;
  private @Nullable ClientProcess process;
  private boolean ended;

  GlobalsSource(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment,
      Clock clock,
      Silence silence,
      String version,
      String database,
      boolean passwords) {
    this.programs = programs;
    this.settings = settings;
    this.environment = environment;
    this.clock = clock;
    this.silence = silence;
    this.version = version;
    this.database = database;
    this.passwords = passwords;
  }

  @Override
  public String kind() {
    return "postgres-globals";
  }

  @Override
  public Claim claim() {
    return Claim.TRANSACTIONAL;
  }

  @Override
  public InputStream open() throws IOException {
    instant = clock.instant();
    List<String> command =
        new ArrayList<>(
            List.of(
                programs.dumpAll(),
                "--globals-only",
                "--no-password",
                "--database=" + database,
                "--dbname=" + settings.connectionString()));
    if (!passwords) {
      command.add("--no-role-passwords");
    }
    ClientProcess started = ClientProcess.start("pg_dumpall", command, settings, environment);
    process = started;
    byte[] sql;
    try (ReadAhead output =
        new ReadAhead(
            started.output(), "pg_dumpall-output", silence, "pg_dumpall of the globals")) {
      sql = output.readNBytes(MAX_BYTES);
    }
    // It is small: read to its end at once, it can be looked at as a whole.
    ended = new String(sql, StandardCharsets.UTF_8).contains(END);
    return new ByteArrayInputStream(sql);
  }

  @Override
  public void confirmComplete() {
    if (process == null) {
      throw new IllegalStateException("not opened");
    }
    int exit = process.exitCode();
    if (exit != 0 || !ended) {
      String said = process.lastErrors();
      throw new HoldfastException.InputOutput(
          "pg_dumpall of the roles and other globals failed with exit code %d%s"
              .formatted(exit, said.isEmpty() ? "" : ": " + said),
          Hints.forFailure(said),
          null);
    }
  }

  @Override
  public Optional<SourceFacts> facts() {
    return Optional.of(
        new SourceFacts(
            version,
            Objects.requireNonNull(instant),
            List.of(),
            Optional.empty(),
            Map.of(),
            passwords
                ? List.of()
                : List.of(
                    "roles are stored without their passwords, which this user may not read")));
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
