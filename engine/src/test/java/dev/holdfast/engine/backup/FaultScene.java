package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.maintenance.ReadData;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A folder with a database in it, a repository with one snapshot of it, and what is done with both
/// while the store fails.
final class FaultScene {
  static final KeyringOptions KEYS =
      new KeyringOptions("host", "user", new ScryptParameters(1024, 8, 1), false);

  private final Path source;
  private final MemoryStore template = new MemoryStore();
  private final SnapshotId old;

  FaultScene(Path folder) throws IOException, SQLException {
    source = Files.createDirectories(folder.resolve("source/sub")).getParent();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 4; i++) {
      byte[] content = new byte[random.nextInt(200_000)];
      random.nextBytes(content);
      Files.write(source.resolve("sub/file" + i), content);
    }
    try (Repository repository =
        Repository.init(template, TestRepository.password(), InitOptions.of(KEYS))) {
      old = backUp(repository).id().orElseThrow();
    }
    Files.writeString(source.resolve("sub/file0"), "changed");
    Files.writeString(source.resolve("new"), "new");
    String url = "jdbc:sqlite:" + source.resolve("app.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
              + " INSERT INTO t SELECT i, randomblob(1000) FROM n");
    }
  }

  /// A store with a copy of the repository.
  MemoryStore copy() {
    MemoryStore copy = new MemoryStore();
    for (ObjectType type : ObjectType.values()) {
      template.list(type, each -> copy.put(each.key(), ByteBuffer.wrap(template.get(each.key()))));
    }
    return copy;
  }

  static Repository open(ObjectStore store) {
    return Repository.open(store, TestRepository.password(), OpenOptions.DEFAULT);
  }

  BackupResult backUp(Repository repository) {
    List<StoredSnapshot> before = repository.snapshots();
    BackupOptions options =
        TestRepository.options()
            .withParent(before.isEmpty() ? Optional.empty() : Optional.of(before.getFirst()));
    return new Archiver(
            repository,
            List.of(new SqliteEngine(SqliteOptions.defaults())),
            Clock.system(ZoneOffset.UTC))
        .run(BackupTargets.ofPaths(List.of(source.toString())), options, BackupObserver.NONE);
  }

  static CheckReport check(Repository repository) {
    return new Checker(repository, new SecureRandom())
        .check(CheckOptions.DEFAULT.withReadData(new ReadData.All()), event -> {});
  }

  /// Restores the old snapshot; everything, or with errors counted.
  RestoreResult restore(Repository repository, Path target) {
    return new Restorer(repository)
        .restore(
            repository.loadSnapshot(old).tree(),
            target.toString(),
            RestoreOptions.DEFAULT,
            event -> {});
  }

  /// What was stored is sound, the old snapshot is there, and the next backup works.
  void assertSound(ObjectStore store) {
    try (Repository repository = open(store)) {
      assertThat(repository.listSnapshots().unreadable()).isEmpty();
      assertThat(repository.snapshots()).extracting(StoredSnapshot::id).contains(old);
      CheckReport before = check(repository);
      assertThat(before.errors()).as("%s", before).isZero();
      BackupResult next = backUp(repository);
      assertThat(next.problems()).isZero();
      CheckReport after = check(repository);
      assertThat(after.errors()).as("%s", after).isZero();
    }
  }

  /// Whether every file of the old snapshot is there as it was; the source has one that changed.
  boolean isRestored(Path target) throws IOException {
    Path sub = Path.of(target + source.toString(), "sub");
    for (int i = 1; i < 4; i++) {
      Path file = sub.resolve("file" + i);
      if (!Files.exists(file) || Files.mismatch(file, source.resolve("sub/file" + i)) >= 0) {
        return false;
      }
    }
    return Files.exists(sub.resolve("file0"));
  }
}
