package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.repository.prune.PlannedPack;
import dev.holdfast.repository.prune.PruneEvent;
import dev.holdfast.repository.prune.PrunePlan;
import dev.holdfast.repository.prune.PruneResult;
import dev.holdfast.repository.prune.PruneStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Shows a prune: its stages, its plan in restic's words and JSON with a reason for each pack, and
/// what came of it. Thread-safe.
final class PruneOutput implements Consumer<PruneEvent>, AutoCloseable {
  /// Packs are named one by one only to those who ask for more.
  private static final int MORE = 2;

  private final Session session;
  private final boolean json;
  private final StageProgress progress;

  PruneOutput(Session session) {
    this.session = session;
    this.json = session.globals().json();
    this.progress = new StageProgress(session);
  }

  @Override
  public void accept(PruneEvent event) {
    switch (event) {
      case PruneEvent.Began began -> {
        progress.begin(began.total(), "");
        announce(began);
      }
      case PruneEvent.Advanced one -> progress.advance();
      case PruneEvent.Notice notice -> session.console().errorLine("warning: " + notice.text());
    }
  }

  private void announce(PruneEvent.Began began) {
    switch (began.stage()) {
      case INDEX -> say("loading indexes...");
      case TREES -> say("finding data that is still in use");
      case PACKS -> say("searching used packs...");
      case REPACK -> say("repacking packs");
      case CONFIRM -> say("looking at what others stored meanwhile");
      case REWRITE_INDEX -> say("rebuilding index");
      case DELETE -> say("removing " + began.total() + " old packs");
    }
  }

  private void say(String line) {
    progress.say(line);
  }

  /// Shows what is going to be done, or would be.
  void plan(PrunePlan plan, boolean dryRun) {
    if (json) {
      session.console().line(PruneJson.of(plan.statistics()));
      return;
    }
    if (dryRun) {
      say("\nWould have made the following changes:");
    }
    PruneStatistics numbers = plan.statistics();
    PruneStatistics.Blobs blobs = numbers.blobs();
    PruneStatistics.Bytes bytes = numbers.bytes();
    say("");
    line("used:", blobs.used(), bytes.used());
    if (blobs.duplicate() > 0) {
      line("duplicates:", blobs.duplicate(), bytes.duplicate());
    }
    line("unused:", blobs.unused(), bytes.unused());
    if (bytes.unreferenced() > 0) {
      say(
          "%-13s %10s         %s"
              .formatted("unreferenced:", "", Sizes.bytes(bytes.unreferenced())));
    }
    line("total:", blobs.total(), bytes.total());
    say(
        "unused size: "
            + share(bytes.duplicate() + bytes.unused(), bytes.total())
            + " of total size");
    say("");
    line("to repack:", blobs.repacked(), bytes.repacked());
    line("this removes:", blobs.repackRemoved(), bytes.repackRemoved());
    line("to delete:", blobs.removed(), bytes.removed() + bytes.unreferenced());
    line("total prune:", blobs.removedTotal(), bytes.removedTotal());
    if (bytes.uncompressed() > 0) {
      say("not yet compressed:              " + Sizes.bytes(bytes.uncompressed()));
    }
    line("remaining:", blobs.remaining(), bytes.remaining());
    say(
        "unused size after prune: %s (%s of remaining size)"
            .formatted(
                Sizes.bytes(bytes.remainingUnused()),
                share(bytes.remainingUnused(), bytes.remaining())));
    packs(plan);
  }

  private void packs(PrunePlan plan) {
    PruneStatistics.Packs packs = plan.statistics().packs();
    say("");
    say(
        "packs: %d used, %d partly, %d not"
            .formatted(packs.used(), packs.partlyUsed(), packs.unused()));
    say("to keep:      %10d packs".formatted(packs.kept()));
    reasons("to repack:", plan.repacked());
    reasons("to delete:", plan.removed());
    reasons("to delete:", plan.unreferenced());
    reasons("to forget:", plan.forgotten());
    say("");
  }

  private void reasons(String action, List<PlannedPack> packs) {
    Map<PlannedPack.Reason, long[]> counts = new EnumMap<>(PlannedPack.Reason.class);
    for (PlannedPack pack : packs) {
      long[] count = counts.computeIfAbsent(pack.reason(), key -> new long[2]);
      count[0]++;
      count[1] += pack.lengthBytes();
    }
    counts.forEach((reason, count) ->
        say(
            "%-13s %10d packs / %s: %s"
                .formatted(action, count[0], Sizes.bytes(count[1]), words(reason))));
    if (session.globals().verbosity() >= MORE) {
      for (PlannedPack pack : packs) {
        say(
            "  pack %s: %s, %s of %s unused"
                .formatted(
                    pack.name(),
                    words(pack.reason()),
                    Sizes.bytes(pack.unusedBytes()),
                    Sizes.bytes(pack.lengthBytes())));
      }
    }
  }

  private static String words(PlannedPack.Reason reason) {
    return switch (reason) {
      case NOT_INDEXED -> "in no index";
      case UNUSED -> "nothing in it is needed";
      case MISSING -> "missing, and nothing in it is needed";
      case PARTLY_USED -> "only a part is needed";
      case SMALL -> "small, to be merged";
      case MIXED -> "trees and data mixed";
      case UNCOMPRESSED -> "not compressed";
    };
  }

  private void line(String name, long blobs, long bytes) {
    say("%-13s %10d blobs / %s".formatted(name, blobs, Sizes.bytes(bytes)));
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "0.00%" : Sizes.percent(part, whole);
  }

  /// Says what was done.
  void done(PruneResult result) {
    if (result.keptAfterAll() > 0) {
      say("%d packs stay: backups that ended meanwhile need them".formatted(result.keptAfterAll()));
    }
    if (result.removedPacks() > 0) {
      say(
          "removed %d packs, %s; others had to wait for %.1f s"
              .formatted(
                  result.removedPacks(),
                  Sizes.bytes(result.removedBytes()),
                  result.exclusiveMillis() / 1000.0));
    }
    say("done");
  }

  /// Ends the display of progress.
  @Override
  public void close() {
    progress.close();
  }
}
