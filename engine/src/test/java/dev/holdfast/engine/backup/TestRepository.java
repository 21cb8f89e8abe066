package dev.holdfast.engine.backup;

import dev.holdfast.posix.Posix;
import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.LocalStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;

/// A repository for tests, and the shortest way to back up into it.
final class TestRepository implements AutoCloseable {
  static final String HOST = "testhost";
  static final String PASSWORD = "correct horse";

  private final Path folder;
  private Repository repository;

  private TestRepository(Path folder, Repository repository) {
    this.folder = folder;
    this.repository = repository;
  }

  /// Creates a repository with a cheap key.
  static TestRepository create(Path folder, int version) {
    LocalStore store = new LocalStore(folder);
    store.create();
    KeyringOptions keys =
        new KeyringOptions(HOST, "tester", new ScryptParameters(1024, 8, 1), false);
    InitOptions options = InitOptions.of(keys).withVersion(version);
    return new TestRepository(folder, Repository.init(store, password(), options));
  }

  /// Opens a repository that is there already.
  static TestRepository open(Path folder) {
    return new TestRepository(
        folder, Repository.open(new LocalStore(folder), password(), OpenOptions.DEFAULT));
  }

  static byte[] password() {
    return PASSWORD.getBytes(StandardCharsets.UTF_8);
  }

  Repository repository() {
    return repository;
  }

  Path folder() {
    return folder;
  }

  /// Opens the repository again, to see what others have stored.
  void reopen() {
    repository.close();
    repository = Repository.open(new LocalStore(folder), password(), OpenOptions.DEFAULT);
  }

  Archiver archiver() {
    return new Archiver(repository, List.of(), Clock.system(ZoneId.systemDefault()));
  }

  static BackupOptions options() {
    BackupOptions.Origin origin =
        new BackupOptions.Origin(
            HOST,
            Posix.userName(Posix.getuid()),
            Posix.getuid(),
            Posix.getgid(),
            System.getProperty("user.dir"),
            "holdfast test");
    return BackupOptions.of(origin, OffsetDateTime.now(Clock.system(ZoneId.systemDefault())));
  }

  /// Options with the parent that a backup of `paths` would find.
  BackupOptions optionsWithParent(List<String> paths) {
    BackupOptions options = options();
    return options.withParent(
        ParentSnapshot.find(
            repository.snapshots(),
            HOST,
            paths,
            options.origin().workingDirectory(),
            options.time()));
  }

  @Override
  public void close() {
    repository.close();
  }
}
