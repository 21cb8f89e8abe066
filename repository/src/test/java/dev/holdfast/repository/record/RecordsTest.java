package dev.holdfast.repository.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  private final MemoryStore store = new MemoryStore();
  private final Repository repository = SampleRepository.init(store, 2);
  private final Records records = new Records(repository);

  @AfterEach
  void close() {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatWasSavedIsListedByItsKindInAnotherProcess(int version, @TempDir Path folder) {
    RecordId drill;
    try (Repository first = SampleRepository.init(new LocalStore(folder), version)) {
      drill = new Records(first).save(RecordKind.DRILL, "{\"app\":\"ü\"}\nsecond line");
      new Records(first).save(RecordKind.PURGE, "");
    }
    try (Repository again = SampleRepository.open(new LocalStore(folder))) {
      StoredRecord expected =
          new StoredRecord(drill, RecordKind.DRILL, "{\"app\":\"ü\"}\nsecond line");
      assertThat(new Records(again).list(RecordKind.DRILL).all()).containsExactly(expected);
      assertThat(new Records(again).load(drill)).isEqualTo(expected);
      assertThat(new Records(again).list(RecordKind.PURGE).all())
          .singleElement()
          .extracting(StoredRecord::content)
          .isEqualTo("");
    }
  }

  @Test
  void aNewRepositoryHasNoFolderOfRecords(@TempDir Path folder) {
    try (Repository first = SampleRepository.init(new LocalStore(folder), 2)) {
      assertThat(new Records(first).list(RecordKind.DRILL).all()).isEmpty();
      assertThat(folder.resolve("holdfast")).doesNotExist();
    }
  }

  @Test
  void theContentIsNotReadableWithoutTheKey(@TempDir Path folder) throws Exception {
    try (Repository first = SampleRepository.init(new LocalStore(folder), 1)) {
      RecordId id = new Records(first).save(RecordKind.PURGE, "a tenant's name");
      byte[] stored = Files.readAllBytes(folder.resolve("holdfast/index/" + id));
      assertThat(new String(stored, UTF_8)).doesNotContain("tenant").doesNotContain("purge");
    }
  }

  @Test
  void aDeletedRecordIsGoneAndMayBeDeletedAgain() {
    RecordId id = records.save(RecordKind.DRILL, "x");

    records.delete(id);
    records.delete(id);

    assertThat(records.list(RecordKind.DRILL).all()).isEmpty();
    assertThatExceptionOfType(NotFound.class).isThrownBy(() -> records.load(id));
  }

  @Test
  void aDamagedRecordIsToldApartAndHidesNoOther() {
    RecordId good = records.save(RecordKind.DRILL, "good");
    RecordId bad = records.save(RecordKind.DRILL, "bad");
    ObjectKey key = new ObjectKey(ObjectType.RECORD, bad.hash());
    byte[] bytes = store.get(key);
    bytes[bytes.length / 2] ^= 1;
    store.put(key, ByteBuffer.wrap(bytes));
    Hash strange = Hasher.of("no record".getBytes(UTF_8));
    store.put(
        new ObjectKey(ObjectType.RECORD, strange), ByteBuffer.wrap("no record".getBytes(UTF_8)));

    RecordList list = records.list(RecordKind.DRILL);

    assertThat(list.readable()).extracting(StoredRecord::id).containsExactly(good);
    assertThat(list.unreadable())
        .extracting(UnreadableRecord::id)
        .containsExactlyInAnyOrder(bad, new RecordId(strange));
    assertThatExceptionOfType(Corrupt.class).isThrownBy(list::all);
    assertThatExceptionOfType(Corrupt.class)
        .isThrownBy(() -> records.load(bad))
        .withMessageContaining("holdfast/index/" + bad);
  }

  @Test
  void aKindOfALaterVersionIsPassedOverAndALaterVersionOfOursIsSaid() {
    RecordId unknown = raw("{\"version\":1,\"kind\":\"weather\"}\nsunny");
    raw("{\"version\":2,\"kind\":\"drill\"}\n");
    raw("{\"kind\":\"drill\"}\n");

    RecordList list = records.list(RecordKind.DRILL);

    assertThat(list.readable()).isEmpty();
    assertThat(list.unreadable())
        .extracting(each -> each.cause().getClass().getSimpleName())
        .containsExactlyInAnyOrder("Unsupported", "Corrupt");
    assertThatExceptionOfType(Unsupported.class).isThrownBy(() -> records.load(unknown));
  }

  @Test
  void aRecordThatIsTooLongIsRefused() {
    assertThatExceptionOfType(Rejected.class)
        .isThrownBy(() -> records.save(RecordKind.DRILL, "x".repeat(Records.MAX_CONTENT_BYTES)));
    assertThat(records.list(RecordKind.DRILL).all()).isEmpty();
  }

  private RecordId raw(String plain) {
    return new RecordId(repository.files().save(ObjectType.RECORD, plain.getBytes(UTF_8)).hash());
  }
}
