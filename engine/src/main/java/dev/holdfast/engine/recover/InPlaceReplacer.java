package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.service.Occupant;
import dev.holdfast.engine.recover.service.OpenFiles;
import dev.holdfast.engine.source.postgres.InPlaceLoad;
import dev.holdfast.engine.source.postgres.RecoveryGate;
import dev.holdfast.engine.source.postgres.SeekableDump;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Replaces all that is in a database of a server, in one transaction, where no other database can
/// be made. The restore point is the way back.
final class InPlaceReplacer extends DatabaseReplacer {
  private static final String MARKS = "relations";

  private final Supplier<Optional<SnapshotDump>> restorePoint;
  private @Nullable SeekableDump file;

  /// @param restorePoint the dump of the present state in the restore point, once there is one
  InPlaceReplacer(
      ServerDatabase it, Context context, Supplier<Optional<SnapshotDump>> restorePoint) {
    super(it, context);
    this.restorePoint = restorePoint;
  }

  /// Whoever is connected is cut off before the content is looked at: [InPlaceLoad#isGone].
  @Override
  void endEarlierSessions() {}

  /// The dump is read now, to its end, so that nothing of that is left to fail while the service is
  /// stopped.
  @Override
  public Map<String, String> stage() {
    takeOver();
    forget();
    file = dump().fetch(temporary(), Step.STAGE);
    RecoveryGate gate = new RecoveryGate(server(), facts());
    gate.requireRoles(file.head().makers());
    gate.requireGrantees(file.head().grantees());
    return Map.of(MARKS, content().marks());
  }

  private InPlaceLoad content() {
    return new InPlaceLoad(server(), names());
  }

  /// A lost session of this recovery is nobody who uses the database.
  @Override
  public List<Occupant> occupants(OpenFiles open) {
    content().endLost();
    return super.occupants(open);
  }

  @Override
  public void verify() {
    if (file != null) {
      expected(file);
    }
  }

  @Override
  public boolean swap(Map<String, String> facts) {
    takeOver();
    if (!content().isGone(marks(facts))) {
      if (file == null) {
        file = dump().fetch(temporary(), Step.SWAP);
      }
      content().load(file, expected(file), facts());
    }
    return false;
  }

  @Override
  public boolean unswap(Map<String, String> facts) {
    takeOver();
    if (!content().isGone(marks(facts))) {
      return false;
    }
    SnapshotDump back =
        restorePoint
            .get()
            .orElseThrow(() ->
                new HoldfastException.NotFound(
                    "the journal names no restore point of " + it().describe(),
                    "recover a snapshot with the tag pre-restore"));
    try (SeekableDump old = back.fetch(temporary(), Step.SWAP)) {
      content().load(old, old.tables().orElse(List.of()), Optional.empty());
    }
    return false;
  }

  private String marks(Map<String, String> facts) {
    String marks = facts.get(MARKS);
    if (marks == null) {
      throw new HoldfastException.Corrupt(
          "the journal does not say what was in " + it().describe(), "", null);
    }
    return marks;
  }

  @Override
  public boolean discard() {
    forget();
    return false;
  }

  @Override
  public boolean tidy() {
    forget();
    return false;
  }

  private void forget() {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
