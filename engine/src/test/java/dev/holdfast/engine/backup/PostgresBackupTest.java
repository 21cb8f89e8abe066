package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.app.AppDump;
import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.postgres.PinnedDatabase;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.engine.source.postgres.Silence;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Node;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.PostgresServerProcess;
import dev.holdfast.testkit.ResticProgram;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Dumps on their way into a repository: what goes wrong leaves no snapshot, what changes little
/// stores little, and what `pgbench` does to the accounts is never seen half done.
@Tag("slow")
final class PostgresBackupTest {
  private static final String PATH = "/postgres/bank/database.dump";
  private static final int BACKUPS_UNDER_LOAD = 6;

  /// Far into the dump, and far before what is read ahead reaches its end.
  private static final int MIDDLE = 6_000_000;

  private static PostgresServerProcess process;
  @TempDir private Path folder;
  private TestRepository repository;
  private PostgresServer server;

  @BeforeAll
  static void start() {
    process = PostgresServerProcess.start(15);
    process.sql("postgres", "CREATE DATABASE bank");
    pgbench("--initialize", "--scale=3").run().succeeded();
  }

  private static Command pgbench(String... arguments) {
    return Command.of(
            "pgbench",
            "--host=" + process.folder(),
            "--port=" + process.port(),
            "--username=postgres")
        .with(arguments)
        .with("bank");
  }

  @AfterAll
  static void stop() {
    process.close();
  }

  @BeforeEach
  void open() {
    repository = TestRepository.create(folder.resolve("repository"), 2);
    Map<String, String> environment = new TreeMap<>(System.getenv());
    server =
        PostgresServer.connect(
            PostgresSettings.parse(process.address("bank"), environment),
            environment,
            Clock.systemUTC(),
            Silence.UNTOLD);
  }

  @AfterEach
  void close() {
    server.close();
    repository.close();
  }

  private BackupResult backUp(StreamSource stream) {
    return repository
        .archiver()
        .run(
            BackupTargets.ofStream(new VirtualFile(PATH, stream)),
            repository.optionsWithParent(List.of(PATH)),
            BackupObserver.NONE);
  }

  /// Both databases of the server, one of which goes away before it is read.
  private BackupTargets withOneThatIsGone(boolean found) {
    process.sql("postgres", "CREATE DATABASE fleeting");
    List<VirtualFile> files =
        PostgresDumps.of(
                server,
                new PostgresDumps.Choice(
                    Optional.of("all"), List.of("bank", "fleeting"), found, false, ""))
            .stream()
            .map(AppDump::file)
            .toList();
    process.sql("postgres", "DROP DATABASE fleeting");
    return new BackupTargets(List.of(), files);
  }

  @Test
  void aDatabaseThatIsDroppedWhenItsTurnComesIsNoReasonToLoseTheOthers() {
    RecordedEvents events = new RecordedEvents();

    repository.archiver().run(withOneThatIsGone(true), TestRepository.options(), events);

    assertThat(events.of(BackupEvent.Warning.class))
        .extracting(BackupEvent.Warning::path)
        .containsExactly("/postgres/fleeting/database.dump");
    assertThat(events.of(BackupEvent.Problem.class)).isEmpty();
    assertThat(
            new ResticProgram(repository.folder(), TestRepository.PASSWORD)
                .run("ls", "latest")
                .succeeded()
                .lines())
        .contains(PATH)
        .doesNotContain("/postgres/fleeting/database.dump");
  }

  @Test
  void aDatabaseThatWasAskedForByItsNameAndIsNotThereIsAFailure() {
    BackupTargets targets = withOneThatIsGone(false);

    assertThatThrownBy(
            () -> repository.archiver().run(targets, TestRepository.options(), BackupObserver.NONE))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("database \"fleeting\" does not exist");
    assertThat(repository.repository().snapshots()).isEmpty();
  }

  @Test
  void everySnapshotTakenUnderLoadBalances() throws IOException, InterruptedException {
    Process load = pgbench("--client=4", "--time=600", "--no-vacuum").start();
    try {
      for (int round = 0; round < BACKUPS_UNDER_LOAD; round++) {
        PinnedDatabase pinned = server.pin("bank");
        BackupResult result = backUp(pinned);
        restoreAndCheck(result, pinned.facts().orElseThrow(), "restored_" + round);
      }
      assertThat(load.isAlive()).isTrue();
    } finally {
      load.destroy();
      load.waitFor();
    }
    assertThat(Long.parseLong(process.sql("bank", "SELECT count(*) FROM pgbench_history")))
        .isGreaterThan(BACKUPS_UNDER_LOAD);
    new ResticProgram(repository.folder(), TestRepository.PASSWORD).checkClean();
  }

  /// Restores through restic and compares the sums that every transaction keeps equal, and all row
  /// counts.
  private void restoreAndCheck(BackupResult result, SourceFacts facts, String database)
      throws IOException {
    Path dump = folder.resolve(database + ".dump");
    CommandResult dumped =
        Command.of("sh", "-c", "\"$@\" > '" + dump + "'", "sh")
            .with(
                new ResticProgram(repository.folder(), TestRepository.PASSWORD)
                    .command("dump", result.id().orElseThrow().hash().toHex(), PATH)
                    .words()
                    .toArray(String[]::new))
            .withEnvironment("RESTIC_PASSWORD", TestRepository.PASSWORD)
            .run();
    dumped.succeeded();
    process.sql("postgres", "CREATE DATABASE " + database + " TEMPLATE template0");
    Command.of(
            "pg_restore",
            "--exit-on-error",
            "--dbname=" + process.address(database),
            dump.toString())
        .run()
        .succeeded();
    assertThat(
            process.sql(
                database,
                "SELECT (SELECT sum(abalance) FROM pgbench_accounts)"
                    + " = (SELECT sum(tbalance) FROM pgbench_tellers)"
                    + " AND (SELECT sum(bbalance) FROM pgbench_branches)"
                    + " = (SELECT coalesce(sum(delta), 0) FROM pgbench_history)"
                    + " AND (SELECT sum(tbalance) FROM pgbench_tellers)"
                    + " = (SELECT sum(bbalance) FROM pgbench_branches)"))
        .isEqualTo("t");
    for (TableRows table : facts.tables()) {
      assertThat(process.sql(database, "SELECT count(*) FROM " + table.name()))
          .as(table.name())
          .isEqualTo(Long.toString(table.rows()));
    }
    process.sql("postgres", "DROP DATABASE " + database);
  }

  /// In a database of its own, as what the other tests leave behind counts too: its chunks are
  /// listed anew in each snapshot.
  @Test
  void fewChangedRowsStoreLittle() {
    process.sql("postgres", "CREATE DATABASE notebook");
    process.sql(
        "notebook",
        "CREATE TABLE notes AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS text"
            + " FROM generate_series(1, 400000) g");
    try {
      BackupResult first = backUp(server.pin("notebook"));
      process.sql("notebook", "UPDATE notes SET text = 'changed' WHERE id % 40000 = 77");
      repository.reopen();
      BackupResult second = backUp(server.pin("notebook"));

      Node node = StoredTrees.find(repository.repository(), second.snapshot().tree(), PATH);
      assertThat(node.sizeBytes() / node.content().size()).isBetween(5_000L, 24_000L);
      // Ten rows went from ten places to one, and the table of contents has a new date.
      assertThat(second.summary().dataBlobs()).isBetween(3L, 40L);
      assertThat(second.summary().dataAddedBytes())
          .isLessThan(24 * 32 * 1024L + 100L * node.content().size());
      assertThat(first.summary().dataAddedBytes()).isGreaterThan(25_000_000L);
    } finally {
      process.sql("postgres", "DROP DATABASE notebook");
    }
  }

  @Test
  void killedDumpLeavesNoSnapshot() {
    assertThatThrownBy(() -> backUp(interrupted(PostgresBackupTest::killDumps)))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("pg_dump")
        .hasMessageContaining("bank");
    assertNothingStored();
  }

  @Test
  void lostConnectionLeavesNoSnapshotAndSaysWhy() {
    assertThatThrownBy(() ->
            backUp(
                interrupted(() ->
                    process.sql(
                        "postgres",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE query LIKE 'COPY %'"))))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("Dumping the contents of table")
        .hasMessageContaining("connection");
    assertNothingStored();
  }

  @Test
  void dumpThatEndsEarlyWithExitCodeZeroLeavesNoSnapshot() {
    // A pg_dump that lies: the real one's first bytes, and success.
    Path programs = folder.resolve("bin");
    Command.of(
            "sh",
            "-c",
            "mkdir $0 && ln -s $(command -v psql) $0/psql && printf '#!/bin/sh\\n"
                + "case $1 in --version) exec %s --version;; esac\\n%s \"$@\" | head -c 4000000\\n'"
                + " /usr/lib/postgresql/15/bin/pg_dump /usr/lib/postgresql/15/bin/pg_dump"
                + " > $0/pg_dump && chmod +x $0/pg_dump",
            programs.toString())
        .run()
        .succeeded();
    Map<String, String> environment = System.getenv();
    try (PostgresServer lying =
        PostgresServer.connect(
            PostgresSettings.parse(process.address("bank"), environment).withPrograms(programs),
            environment,
            Clock.systemUTC(),
            Silence.UNTOLD)) {
      assertThatThrownBy(() -> backUp(lying.pin("bank")))
          .isInstanceOf(HoldfastException.InputOutput.class)
          .hasMessageContaining("not complete")
          .hasMessageContaining("ends within the data of public.");
    }
    assertNothingStored();
  }

  private void assertNothingStored() {
    repository.reopen();
    assertThat(repository.repository().snapshots()).isEmpty();
    new ResticProgram(repository.folder(), TestRepository.PASSWORD).checkClean();
  }

  private static void killDumps() {
    List<ProcessHandle> dumps =
        ProcessHandle.current()
            .descendants()
            .filter(each -> each.info().command().orElse("").endsWith("pg_dump"))
            .toList();
    assertThat(dumps).isNotEmpty();
    dumps.forEach(ProcessHandle::destroyForcibly);
  }

  /// The dump of the bank, with something that happens in the middle of it.
  private StreamSource interrupted(Runnable event) {
    process.sql(
        "bank",
        "CREATE TABLE IF NOT EXISTS pad AS SELECT g AS id, repeat(md5(g::text), 20) AS text"
            + " FROM generate_series(1, 60000) g");
    PinnedDatabase pinned = server.pin("bank");
    return new StreamSource() {
      @Override
      public OptionalLong expectedRowBytes() {
        return pinned.expectedRowBytes();
      }

      @Override
      public InputStream open() {
        return new Trap(pinned.open(), event);
      }

      @Override
      public void confirmComplete() {
        pinned.confirmComplete();
      }

      @Override
      public Optional<SourceFacts> facts() {
        return pinned.facts();
      }

      @Override
      public void close() {
        pinned.close();
      }
    };
  }

  private static final class Trap extends FilterInputStream {
    private final Runnable event;
    private long left = MIDDLE;

    Trap(InputStream input, Runnable event) {
      super(input);
      this.event = event;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      if (left > 0 && left <= read) {
        event.run();
      }
      left -= read;
      return read;
    }
  }
}
