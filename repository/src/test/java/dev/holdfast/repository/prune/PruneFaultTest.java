package dev.holdfast.repository.prune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.MemoryStore;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A fault at every call that a prune makes: what is needed is there, and the next prune finishes.
class PruneFaultTest {
  private static final int BLOBS = 60;
  private static final int BLOB_BYTES = 2_000;

  static Stream<Fault> faults() {
    return Stream.of(Fault.ioErrorBefore(), Fault.ioErrorAfter());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void afterAFaultAtAnyCallEverythingIsThereAndTheNextPruneFinishes(Fault fault) {
    int call = 0;
    boolean reached = true;
    while (reached) {
      call++;
      MemoryStore store = new MemoryStore();
      SampleRepository.init(store, 2).close();
      PruneScene scene = new PruneScene(store, 3, BLOBS, BLOB_BYTES);
      SnapshotId first = scene.backUp();
      scene.change(0.3, BLOB_BYTES).backUp();
      scene.change(0.3, BLOB_BYTES).backUp();
      scene.forget(first);

      reached = disturb(store, call, fault);

      scene.assertAllThere();
      scene.assertHealthy();
      scene.prune(PruneOptions.TO_THE_LAST_BYTE);
      scene.assertAllThere();
      assertThat(scene.assertHealthy().unusedBlobs()).as("call %d", call).isZero();
    }
    assertThat(call).isGreaterThan(20);
  }

  /// Whether the prune made that many calls.
  private static boolean disturb(MemoryStore store, int call, Fault fault) {
    FaultyStore faulty = new FaultyStore(store, FaultPlan.none());
    try (Repository repository = SampleRepository.open(faulty)) {
      int number = faulty.calls().size() + call;
      faulty.follow(FaultPlan.at(number, fault));
      Pruner pruner = PruneScene.pruner(repository, PruneOptions.TO_THE_LAST_BYTE);
      try {
        pruner.plan(Set.of());
        pruner.execute();
      } catch (HoldfastException e) {
        assertThat(e).hasStackTraceContaining("injected");
      }
      return faulty.calls().size() >= number;
    }
  }
}
