package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.format.PackId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The way from what a check found to a sound repository, as commands in their order: first what
/// can be saved is saved, then the index is put right, and only then is given up what is lost.
public final class RepairAdvice {
  /// More packs or snapshots than this are not named one by one.
  private static final int IDS_MAX = 20;

  private RepairAdvice() {}

  /// A step.
  ///
  /// @param command to run, without the name of the program
  /// @param reason why
  public record Step(String command, String reason) {}

  /// The steps; none if nothing needs repair.
  public static List<Step> of(CheckReport report) {
    Set<PackId> damaged = new LinkedHashSet<>();
    List<String> unreadable = new ArrayList<>();
    boolean index = false;
    boolean snapshots = false;
    boolean prune = false;
    for (CheckReport.Entry entry : report.findings()) {
      switch (entry.finding()) {
        case Finding.PackDamaged found -> damaged.add(found.pack());
        case Finding.PackLengthWrong found -> damaged.add(found.pack());
        case Finding.CopyDamaged found -> damaged.add(found.pack());
        case Finding.FileDamaged found -> {
          switch (found.file().type()) {
            case INDEX -> index = true;
            case SNAPSHOT -> unreadable.add(found.file().hash().toHex());
            // Another key may open the repository, locks go by themselves, and nothing but a copy
            // of it replaces a config.
            case CONFIG, KEY, LOCK, PACK, RECORD -> {}
          }
        }
        case Finding.RecordDamaged _ -> {} // no command mends it, and no data hangs on it
        case Finding.PackMissing found -> index = true;
        case Finding.PackIndexedDifferently found -> index = true;
        case Finding.PackIndexedTwice found -> index = true;
        case Finding.PackNotIndexed found -> prune = true;
        case Finding.PackMixed found -> prune = true;
        case Finding.TreeDamaged found -> snapshots = true;
        case Finding.EntryDamaged found -> snapshots |= found.severity() == Severity.ERROR;
      }
      snapshots |= !entry.effect().isNone() && !(entry.finding() instanceof Finding.FileDamaged);
    }
    // An unindexed pack may hold what the index lacks.
    index |= prune && snapshots;
    return steps(List.copyOf(damaged), index, unreadable, snapshots, prune);
  }

  private static List<Step> steps(
      List<PackId> damaged,
      boolean index,
      List<String> unreadable,
      boolean snapshots,
      boolean prune) {
    List<Step> steps = new ArrayList<>();
    if (!damaged.isEmpty()) {
      steps.add(
          new Step(
              command("repair packs", damaged), "saves what can be read of them into new packs"));
    }
    if (index) {
      steps.add(new Step("repair index", "makes the index agree with the packs that are there"));
    }
    if (!unreadable.isEmpty()) {
      steps.add(
          new Step(
              command("repair snapshots --forget", unreadable),
              "gives up snapshots whose own files cannot be read; nothing can be pruned before"));
    }
    if (snapshots) {
      steps.add(
          new Step(
              "backup",
              "the same sources once more: what still exists heals older snapshots, too"));
      steps.add(
          new Step("repair snapshots --forget", "gives up what is lost then, and nothing else"));
    }
    if (prune) {
      steps.add(new Step("prune", "removes packs that nothing names"));
    }
    return List.copyOf(steps);
  }

  private static String command(String words, List<?> ids) {
    StringBuilder command = new StringBuilder(words);
    ids.stream().limit(IDS_MAX).forEach(id -> command.append(' ').append(id));
    return command.append(ids.size() > IDS_MAX ? " ..." : "").toString();
  }
}
