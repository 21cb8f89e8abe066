package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.duckdb.DuckProcess;
import dev.holdfast.engine.source.duckdb.Images;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots of the DuckDB databases of an application, while it writes them.
@Tag("slow")
class DuckDbSnapshotsTest {
  private static final int TENANTS = 12;

  @TempDir private Path folder;
  private Path data;
  private Path scratch;
  private TestRepository repository;
  private final RecordedEvents events = new RecordedEvents();

  @BeforeEach
  void create() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    scratch = Files.createDirectory(folder.resolve("scratch"));
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private BackupResult backUp(DatabaseEngine engine, Path target) {
    List<String> paths = List.of(target.toString());
    return new Archiver(repository.repository(), List.of(engine), Clock.systemUTC())
        .run(BackupTargets.ofPaths(paths), repository.optionsWithParent(paths), events);
  }

  @Test
  void everyTenantIsWholeWhetherResticRestoresItOrWe() throws Exception {
    List<Path> tenants = new ArrayList<>();
    Path first = tenant(0);
    DuckProcess.run(DuckProcess.CURRENT, "make", first.toString());
    tenants.add(first);
    for (int i = 1; i < TENANTS; i++) {
      Path tenant = tenant(i);
      Files.copy(first, tenant);
      Files.copy(Path.of(first + ".wal"), Path.of(tenant + ".wal"));
      tenants.add(tenant);
    }
    try (DuckProcess one = writer(tenants.get(0), 1);
        DuckProcess other = writer(tenants.get(1), 2)) {
      one.awaitReady();
      other.awaitReady();
      for (int round = 0; round < 2; round++) {
        BackupResult result = backUp(Images.engine(scratch), data);
        assertThat(events.problems()).isEmpty();
        assertThat(result.snapshot().tags()).doesNotContain("unverified");
        assertRestored(result, tenants);
      }
      assertThat(one.isAlive() && other.isAlive()).isTrue();
    }
  }

  @Test
  void tenantThatIsTooBusyFailsTheBackupAndNothingIsStored() throws Exception {
    Path tenant = tenant(0);
    try (Connection connection = Images.connect(tenant, scratch);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT hash(range) AS h FROM range(1500000)");
      statement.execute("CHECKPOINT");
      DatabaseEngine engine =
          Images.onSlowDisk(
              scratch,
              () -> {
                statement.execute("UPDATE t SET h = h + 1");
                statement.execute("CHECKPOINT");
              });
      assertThatThrownBy(() -> backUp(engine, tenant))
          .isInstanceOf(HoldfastException.Rejected.class)
          .hasMessageContaining("changes faster than it can be copied");
    }
    repository.reopen();
    assertThat(repository.repository().snapshots()).isEmpty();
  }

  @Test
  void databaseThatDidNotChangeIsNotReadAgain() throws Exception {
    Path tenant = tenant(0);
    DuckProcess.run(DuckProcess.CURRENT, "make", tenant.toString());
    backUp(Images.engine(scratch), data);
    repository.reopen();
    DatabaseEngine engine =
        Images.onSlowDisk(
            scratch,
            () -> {
              throw new AssertionError("it was read");
            });
    BackupResult again = backUp(engine, data);
    assertThat(again.summary().dataBlobs()).isLessThanOrEqualTo(1);
    assertThat(events.problems()).isEmpty();
  }

  private Path tenant(int number) throws IOException {
    return Files.createDirectories(data.resolve("tenant-" + number)).resolve("hits.duckdb");
  }

  private static DuckProcess writer(Path tenant, int seed) throws IOException {
    return DuckProcess.start(
        DuckProcess.CURRENT, "write", tenant.toString(), Integer.toString(seed), "ttttttttttttldc");
  }

  private void assertRestored(BackupResult result, List<Path> tenants) throws Exception {
    Path ours = Files.createTempDirectory(folder, "ours");
    assertThat(
            new Restorer(repository.repository())
                .restore(
                    result.snapshot().tree(), ours.toString(), RestoreOptions.DEFAULT, event -> {})
                .isComplete())
        .isTrue();
    Path theirs = Files.createTempDirectory(folder, "theirs");
    ResticProgram restic = new ResticProgram(repository.folder(), TestRepository.PASSWORD);
    restic.run("restore", "latest", "--target", theirs.toString()).succeeded();
    for (Path tenant : tenants) {
      ManifestSource source =
          result.manifest().orElseThrow().sources().stream()
              .filter(each -> each.path().equals(tenant.toString()))
              .findFirst()
              .orElseThrow();
      assertThat(source.claim()).isEqualTo(Claim.CRASH_CONSISTENT);
      String rows = Images.rows(source.facts());
      for (Path target : List.of(ours, theirs)) {
        assertThat(Images.audit(Path.of(target + tenant.toString()), scratch)).isEqualTo(rows);
      }
    }
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
  }
}
