package dev.holdfast.repository.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.testkit.ResticProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A fault at every call that a backup makes to the store, before and after its effect.
class WriterFaultTest {
  private static final WriterOptions SMALL_PACKS =
      WriterOptions.DEFAULT.withPackSizeBytes(WriterOptions.MIN_PACK_BYTES);

  private static final List<byte[]> OLD = SampleRepository.blobs(1, 40, 100_000);
  private static final List<byte[]> NEW = SampleRepository.blobs(2, 400, 80_000);

  static Stream<Fault> faults() {
    return Stream.of(Fault.ioErrorBefore(), Fault.ioErrorAfter(), Fault.outageBefore());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void afterAFaultAtAnyCallTheOldSnapshotIsThereAndTheNextRunWorks(Fault fault) {
    int call = 0;
    boolean failed = true;
    while (failed) {
      call++;
      MemoryStore store = new MemoryStore();
      SnapshotId old = storeOld(store);

      failed = fails(store, call, fault);

      try (Repository repository = SampleRepository.open(store)) {
        assertThat(SampleRepository.readBack(repository, old))
            .isEqualTo(SampleRepository.join(OLD));
        SnapshotId next = SampleRepository.backUp(repository, NEW, SMALL_PACKS);
        assertThat(SampleRepository.readBack(repository, next))
            .isEqualTo(SampleRepository.join(NEW));
      }
    }
    assertThat(call).as("calls for the old index, packs, index, snapshot").isGreaterThan(6);
  }

  @Test
  @Tag("slow")
  void resticFindsNothingWrongAfterAFaultAtAnyCall(@TempDir Path folder) {
    int call = 0;
    boolean failed = true;
    while (failed) {
      call++;
      Path root = folder.resolve("call" + call);
      LocalStore store = new LocalStore(root);
      storeOld(store);

      failed = fails(store, call, Fault.ioErrorBefore());

      new ResticProgram(root, SampleRepository.PASSWORD).checkClean();
    }
  }

  @Test
  void aBitThatFlipsOnTheWayIntoTheStoreIsFoundWhenItIsRead() {
    MemoryStore store = new MemoryStore();
    FaultyStore faulty = new FaultyStore(store, FaultPlan.none());
    try (Repository repository = SampleRepository.init(faulty, 2)) {
      faulty.follow(FaultPlan.nth(FaultyStore.Operation.PUT, 3, new Fault.FlipBit(1000)));
      SnapshotId snapshot = SampleRepository.backUp(repository, OLD, SMALL_PACKS);

      assertThatThrownBy(() -> SampleRepository.readBack(repository, snapshot))
          .isInstanceOf(HoldfastException.Corrupt.class)
          .hasMessageContaining("is damaged");
    }
  }

  private static SnapshotId storeOld(ObjectStore store) {
    try (Repository repository = SampleRepository.init(store, 2)) {
      return SampleRepository.backUp(repository, OLD, SMALL_PACKS);
    }
  }

  // False once a backup makes fewer calls than that; how many it makes is up to chance.
  private static boolean fails(ObjectStore store, int call, Fault fault) {
    FaultyStore faulty = new FaultyStore(store, FaultPlan.none());
    try (Repository repository = SampleRepository.open(faulty)) {
      int number = faulty.calls().size() + call;
      faulty.follow(FaultPlan.at(number, fault));
      try {
        SampleRepository.backUp(repository, NEW, SMALL_PACKS);
      } catch (HoldfastException e) {
        assertThat(e).hasMessageContaining("injected");
        return true;
      }
      assertThat(faulty.calls()).as("calls of a backup that went well").hasSizeLessThan(number);
      return false;
    }
  }
}
