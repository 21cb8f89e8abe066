package dev.holdfast.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.AlreadyExists;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NoRepository;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.WrongKey;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.Compression;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import dev.holdfast.testkit.ResticProgram;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
  private static final WriterOptions SMALL_PACKS =
      WriterOptions.DEFAULT.withPackSizeBytes(WriterOptions.MIN_PACK_BYTES);

  private final MemoryStore store = new MemoryStore();

  @ParameterizedTest
  @CsvSource({"1, OFF", "1, MAX", "2, OFF", "2, AUTO", "2, MAX"})
  void resticChecksAndDumpsWhatWasWritten(
      int version, Compression compression, @TempDir Path folder) throws Exception {
    List<byte[]> blobs = SampleRepository.blobs(version, 300, 150_000);
    Path root = folder.resolve("repository");
    SnapshotId snapshot;
    try (Repository repository = SampleRepository.init(new LocalStore(root), version)) {
      snapshot =
          SampleRepository.backUp(repository, blobs, SMALL_PACKS.withCompression(compression));
      assertThat(SampleRepository.readBack(repository, snapshot))
          .isEqualTo(SampleRepository.join(blobs));
    }

    ResticProgram restic = new ResticProgram(root, SampleRepository.PASSWORD);
    restic.checkClean();
    restic
        .run("restore", snapshot.toString(), "--target", folder.resolve("t").toString())
        .succeeded();
    assertThat(Files.readAllBytes(folder.resolve("t/file")))
        .isEqualTo(SampleRepository.join(blobs));
    try (Repository again = SampleRepository.open(new LocalStore(root))) {
      assertThat(SampleRepository.readBack(again, snapshot))
          .isEqualTo(SampleRepository.join(blobs));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatResticWroteIsReadBlobByBlob(int version, @TempDir Path folder) throws Exception {
    Path root = folder.resolve("repository");
    Path file = Files.write(folder.resolve("file"), SampleRepository.blobs(7, 1, 9_000_000).get(0));
    ResticProgram restic = new ResticProgram(root, SampleRepository.PASSWORD);
    restic.init(version);
    restic.run("backup", file.toString()).succeeded();

    try (LocalStore local = new LocalStore(root);
        Repository repository = SampleRepository.open(local)) {
      assertThat(repository.snapshots()).hasSize(1);
      repository
          .index()
          .forEachPack(pack -> {
            List<PackedBlob> blobs = repository.index().blobsOf(pack);
            assertThat(repository.packs().readHeader(pack, local.length(PackReader.key(pack))))
                .isEqualTo(blobs);
            for (PackedBlob blob : blobs) {
              assertThat(Hasher.of(repository.loadBlob(blob.handle())))
                  .isEqualTo(blob.handle().id().hash());
            }
          });
    }
  }

  @Test
  void aStoreWithARepositoryOrAPartOfOneIsNotInitialised() {
    SampleRepository.init(store, 2).close();
    assertThatExceptionOfType(AlreadyExists.class)
        .isThrownBy(() -> SampleRepository.init(store, 2));

    store.delete(ObjectKey.CONFIG);
    assertThatExceptionOfType(AlreadyExists.class)
        .isThrownBy(() -> SampleRepository.init(store, 2));
  }

  @Test
  void aStoreWithoutConfigIsNoRepository() {
    assertThatExceptionOfType(NoRepository.class).isThrownBy(() -> SampleRepository.open(store));
  }

  @Test
  void anotherPasswordOpensNothing() {
    SampleRepository.init(store, 2).close();

    assertThatExceptionOfType(WrongKey.class)
        .isThrownBy(() ->
            Repository.open(store, "wrong".getBytes(StandardCharsets.UTF_8), OpenOptions.DEFAULT));
  }

  @Test
  void snapshotsAreListedByTimeWithTheDamagedOnesApart() {
    try (Repository repository = SampleRepository.init(store, 2)) {
      SnapshotId late = repository.saveSnapshot(snapshot("2026-03-01T10:00:00+02:00", "a"));
      SnapshotId early = repository.saveSnapshot(snapshot("2026-03-01T09:00:00+02:00", "b"));
      byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
      ObjectKey damaged = new ObjectKey(ObjectType.SNAPSHOT, Hasher.of(junk));
      store.put(damaged, ByteBuffer.wrap(junk));

      SnapshotList list = repository.listSnapshots();

      assertThat(list.readable()).extracting(StoredSnapshot::id).containsExactly(early, late);
      assertThat(list.unreadable())
          .singleElement()
          .satisfies(one -> assertThat(one.id()).isEqualTo(new SnapshotId(damaged.hash())))
          .satisfies(one -> assertThat(one.cause()).isInstanceOf(Corrupt.class));
      assertThatExceptionOfType(Corrupt.class)
          .isThrownBy(() -> list.find(damaged.hash().toHex(), SnapshotFilter.ALL));
    }
  }

  @Test
  void nobodyKnowsTheLatestWhereASnapshotIsDamaged() {
    try (Repository repository = SampleRepository.init(store, 2)) {
      SnapshotId readable = repository.saveSnapshot(snapshot("2026-03-01T10:00:00Z", "a"));
      store.put(new ObjectKey(ObjectType.SNAPSHOT, new Hash(0, 0, 0, 1)), ByteBuffer.allocate(0));

      assertThatExceptionOfType(Corrupt.class)
          .isThrownBy(() -> repository.findSnapshot("latest", SnapshotFilter.ALL))
          .satisfies(e -> assertThat(e.hint()).contains("repair snapshots --forget "));
      assertThat(repository.findSnapshot(readable.toString(), SnapshotFilter.ALL).id())
          .isEqualTo(readable);
    }
  }

  @Test
  void anArchiveOfASnapshotDoesNotTakeItsPlace() {
    try (Repository repository = SampleRepository.init(store, 2)) {
      for (int minute = 10; minute < 20; minute++) {
        String time = "2026-03-01T10:%d:00Z".formatted(minute);
        SnapshotId made = repository.saveSnapshot(snapshot(time, "a"));
        repository.saveSnapshot(snapshot(time, "a", "imported"));

        assertThat(latest(repository, SnapshotFilter.ALL)).hasValue(made);
      }
    }
  }

  @Test
  void latestIsTheNewestCompleteSnapshotThatMatches() {
    try (Repository repository = SampleRepository.init(store, 2)) {
      SnapshotId plain = repository.saveSnapshot(snapshot("2026-03-01T10:00:00Z", "a"));
      SnapshotId tagged = repository.saveSnapshot(snapshot("2026-03-01T11:00:00Z", "b", "x", "y"));
      repository.saveSnapshot(snapshot("2026-03-01T12:00:00Z", "a", "x", "pre-restore"));
      repository.saveSnapshot(snapshot("2026-03-01T13:00:00Z", "a", "partial"));

      assertThat(latest(repository, SnapshotFilter.ALL)).hasValue(tagged);
      assertThat(latest(repository, filter("a", null, null))).hasValue(plain);
      assertThat(latest(repository, filter(null, List.of("x"), null))).hasValue(tagged);
      assertThat(latest(repository, filter(null, List.of("x", "z"), null))).isEmpty();
      assertThat(latest(repository, filter(null, List.of(""), null))).hasValue(plain);
      assertThat(latest(repository, filter(null, null, "/file"))).hasValue(tagged);
      assertThat(latest(repository, filter(null, null, "/other"))).isEmpty();
      assertThatExceptionOfType(NotFound.class)
          .isThrownBy(() -> repository.findSnapshot("latest", filter("c", null, null)));
    }
  }

  @Test
  void aSnapshotIsFoundByTheStartOfItsIdIfNoOtherStartsSo() {
    try (Repository repository = SampleRepository.init(store, 2)) {
      SnapshotId first = repository.saveSnapshot(snapshot("2026-03-01T10:00:00Z", "a"));
      repository.saveSnapshot(snapshot("2026-03-01T11:00:00Z", "a"));

      assertThat(repository.findSnapshot(first.toString(), SnapshotFilter.ALL).id())
          .isEqualTo(first);
      assertThatExceptionOfType(Rejected.class)
          .isThrownBy(() -> repository.findSnapshot("", SnapshotFilter.ALL));
      assertThatExceptionOfType(NotFound.class)
          .isThrownBy(() -> repository.findSnapshot("xyz", SnapshotFilter.ALL));
    }
  }

  @Test
  void aSecondCopyIsReadWhereTheFirstIsDamaged() {
    byte[] blob = SampleRepository.blobs(3, 1, 5000).getFirst();
    BlobHandle handle = new BlobHandle(BlobType.DATA, new BlobId(Hasher.of(blob)));
    try (Repository first = SampleRepository.init(store, 2);
        Repository second = SampleRepository.open(store)) {
      second.index();
      save(first, blob);
      save(second, blob);
    }
    try (Repository repository = SampleRepository.open(store)) {
      List<BlobLocation> copies = repository.index().findAll(handle);
      assertThat(copies).hasSize(2);

      store.delete(PackReader.key(copies.getFirst().pack()));
      assertThat(repository.loadBlob(handle)).isEqualTo(blob);
      store.delete(PackReader.key(copies.getLast().pack()));
      assertThatExceptionOfType(NotFound.class).isThrownBy(() -> repository.loadBlob(handle));
    }
  }

  @Test
  void aFileThatIsReadWrongOnceIsReadAgain() {
    FaultyStore faulty = new FaultyStore(store, FaultPlan.none());
    try (Repository repository = SampleRepository.init(faulty, 2)) {
      Snapshot snapshot = snapshot("2026-03-01T10:00:00Z", "a");
      SnapshotId id = repository.saveSnapshot(snapshot);
      int next = faulty.count(FaultyStore.Operation.GET) + 1;
      faulty.follow(FaultPlan.nth(FaultyStore.Operation.GET, next, new Fault.FlipBit(99)));

      assertThat(repository.loadSnapshot(id)).isEqualTo(snapshot);
      faulty.follow(FaultPlan.every(FaultyStore.Operation.GET, new Fault.FlipBit(99)));
      assertThatExceptionOfType(Corrupt.class).isThrownBy(() -> repository.loadSnapshot(id));
    }
  }

  private static void save(Repository repository, byte[] blob) {
    try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      writer.save(BlobType.DATA, blob, 0, blob.length);
      writer.flush();
    }
  }

  private static Optional<SnapshotId> latest(Repository repository, SnapshotFilter filter) {
    return repository.listSnapshots().latest(filter).map(StoredSnapshot::id);
  }

  private static SnapshotFilter filter(String host, List<String> tags, String path) {
    return new SnapshotFilter(
        host == null ? List.of() : List.of(host),
        tags == null ? List.of() : List.of(tags),
        path == null ? List.of() : List.of(path));
  }

  private static Snapshot snapshot(String time, String host, String... tags) {
    return new Snapshot(
        OffsetDateTime.parse(time),
        null,
        new BlobId(new Hash(1, 2, 3, 4)),
        List.of("/file"),
        host,
        "user",
        0,
        0,
        List.of(),
        List.of(tags),
        null,
        "",
        null);
  }
}
