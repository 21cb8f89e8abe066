package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.rewrite.Copying;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.copy.CopyResult;

/// What `copy` says, in restic's lines; restic has no JSON for it.
final class CopyOutput implements Copying.Observer {
  private final Session session;

  CopyOutput(Session session) {
    this.session = session;
  }

  @Override
  public void skipped(SnapshotView source, SnapshotView present) {
    if (session.globals().verbosity() > 1) {
      text("\n" + SnapshotText.of(source));
      text(
          "skipping source snapshot %s, was already copied to snapshot %s"
              .formatted(source.shortId(), present.shortId()));
    }
  }

  @Override
  public void refused(SnapshotView source, String reason) {
    session
        .console()
        .errorLine("holdfast: %s is not copied: %s".formatted(source, OsString.display(reason)));
  }

  @Override
  public void started(SnapshotView source) {
    text("\n" + SnapshotText.of(source));
    text("  copy started, this may take a while...");
  }

  @Override
  public void saved(SnapshotView source, SnapshotView copy) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("copied")
                  .field("source_snapshot_id", source.id())
                  .field("snapshot_id", copy.id())
                  .end());
      return;
    }
    text(
        "snapshot %s saved, copied from source snapshot %s"
            .formatted(copy.shortId(), source.shortId()));
  }

  void summary(CopyResult result) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("summary")
                  .field("copied", result.copied())
                  .field("skipped", result.skipped())
                  .field("refused", result.refused())
                  .field("blobs", result.blobs())
                  .field("stored_bytes", result.storedBytes())
                  .end());
      return;
    }
    text(
        "\ncopied %d snapshots with %d new blobs, %s; %d were there"
            .formatted(
                result.copied(),
                result.blobs(),
                Sizes.bytes(result.storedBytes()),
                result.skipped()));
  }

  private void text(String line) {
    if (!session.globals().json() && !session.globals().quiet()) {
      session.console().line(line);
      session.console().flush();
    }
  }
}
