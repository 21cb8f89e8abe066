package dev.holdfast.engine.drill;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.record.RecordKind;
import dev.holdfast.repository.record.RecordList;
import dev.holdfast.repository.record.Records;
import dev.holdfast.repository.record.StoredRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The drills that a repository remembers.
///
/// @param reports oldest first
public record DrillRecords(List<DrillReport> reports) {
  public DrillRecords {
    reports = reports.stream().sorted(Comparator.comparing(DrillReport::end)).toList();
  }

  /// Keeps a report in the repository.
  public static void save(Repository repository, DrillReport report) {
    new Records(repository).save(RecordKind.DRILL, ReportCodec.encode(report));
  }

  /// All of a repository.
  ///
  /// @param unreadable told of each record that is damaged
  public static DrillRecords load(Repository repository, Consumer<HoldfastException> unreadable) {
    RecordList list = new Records(repository).list(RecordKind.DRILL);
    list.unreadable().forEach(each -> unreadable.accept(each.cause()));
    List<DrillReport> reports = new ArrayList<>();
    for (StoredRecord record : list.readable()) {
      try {
        reports.add(ReportCodec.decode(record.content()));
      } catch (HoldfastException.Corrupt e) {
        unreadable.accept(e);
      }
    }
    return new DrillRecords(reports);
  }

  /// The last drill of a snapshot, under whatever id it had then.
  public Optional<DrillReport> last(SnapshotView snapshot) {
    return reports.reversed().stream().filter(report -> isOf(report, snapshot)).findFirst();
  }

  /// Whether the last drill of a snapshot succeeded.
  public boolean isVerified(SnapshotView snapshot) {
    return last(snapshot).map(DrillReport::passed).orElse(false);
  }

  /// By the tree: it is what was drilled, and outlives changes of tags.
  private static boolean isOf(DrillReport report, SnapshotView snapshot) {
    return report.snapshot().tree().equals(snapshot.tree());
  }
}
