package dev.holdfast.repository.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.record.RecordId;
import dev.holdfast.repository.record.RecordKind;
import dev.holdfast.repository.record.Records;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/// What a check says of records of Holdfast's own.
class RecordCheckTest {
  @Test
  void aDamagedRecordIsFoundAndOneOfALaterVersionIsAHint() {
    RecordId damaged;
    ObjectStore store = new MemoryStore();
    store.create();
    try (Repository repository = SampleRepository.init(store, 2)) {
      new Records(repository).save(RecordKind.DRILL, "a drill");
      damaged = new Records(repository).save(RecordKind.PURGE, "a purge");
      repository
          .files()
          .save(
              ObjectType.RECORD,
              "{\"version\":9,\"kind\":\"drill\"}\n".getBytes(StandardCharsets.UTF_8));
      repository
          .files()
          .save(
              ObjectType.RECORD,
              "{\"version\":9,\"kind\":\"of-later\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    ObjectKey key = new ObjectKey(ObjectType.RECORD, damaged.hash());
    byte[] bytes = store.get(key);
    bytes[bytes.length / 2] ^= 1;
    store.delete(key);
    store.put(key, ByteBuffer.wrap(bytes));

    CheckReport report;
    try (Repository repository = SampleRepository.open(store)) {
      report = new Checker(repository, new SecureRandom()).check(CheckOptions.DEFAULT, _ -> {});
    }

    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings())
        .extracting(entry -> entry.finding().severity())
        .containsExactlyInAnyOrder(Severity.ERROR, Severity.HINT);
    assertThat(report.findings())
        .extracting(CheckReport.Entry::finding)
        .anySatisfy(finding -> {
          assertThat(finding).isInstanceOf(Finding.RecordDamaged.class);
          assertThat(finding.thing()).isEqualTo("record " + damaged);
        });
    assertThat(RepairAdvice.of(report)).isEmpty();
  }
}
