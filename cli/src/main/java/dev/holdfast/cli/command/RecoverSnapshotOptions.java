package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.SnapshotChoice;
import dev.holdfast.repository.SnapshotList;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which snapshot a recovery goes back to: the one that was named, that a person chooses, or the
/// latest.
final class RecoverSnapshotOptions {
  @Option(
      names = "--snapshot",
      paramLabel = "SNAPSHOT",
      description =
          "id, or latest: the newest whole one, never a restore point (default: choose on a"
              + " terminal, else latest)")
  @Nullable String snapshot;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "the newest whole snapshot at or before this time")
  @Nullable String at;

  @Option(
      names = {"-H", "--host"},
      paramLabel = "HOST",
      description = "latest is of this host (default: this machine; '' for any)")
  @Nullable String host;

  /// A person left the list of snapshots.
  static final class NoneChosenException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// The snapshot. Where nothing says which, somebody sits at a terminal and has not answered in
  /// advance, a list is shown.
  ///
  /// @param tags that it has to have
  /// @param paths that it has to hold
  /// @param answered whether nobody is to be asked
  SnapshotView find(
      Session session,
      RepositoryAccess access,
      List<String> tags,
      List<String> paths,
      boolean answered) {
    SnapshotChoice choice = choice(session, tags);
    SnapshotView latest = choice.find(access.repository(), paths);
    if (snapshot != null || at != null || answered || !session.isInteractive()) {
      return latest;
    }
    DrillRecords drills =
        DrillRecords.load(
            access.repository(),
            cause -> session.console().errorLine("warning: " + cause.getMessage()));
    return new SnapshotChooser(session, view -> LastDrillText.of(session, drills, view))
        .choose(choice.candidates(access.repository(), paths), Optional.of(latest))
        .orElseThrow(NoneChosenException::new);
  }

  /// A snapshot that was named might be of another app, whose places and masks are others.
  static void requireOf(App origin, SnapshotView chosen, Manifest manifest) {
    String stored = manifest.app().orElse("");
    if (!stored.equals(origin.name())
        && !chosen.tags().contains(Manifest.APP_TAG + origin.name())) {
      throw new HoldfastException.Rejected(
          "%s is of %s, not of the app '%s'"
              .formatted(
                  chosen, stored.isEmpty() ? "no app" : "the app '" + stored + "'", origin.name()),
          stored.isEmpty() ? "recover paths of it" : "--from " + stored + " clones it");
    }
  }

  private SnapshotChoice choice(Session session, List<String> tags) {
    Optional<Instant> before =
        Optional.ofNullable(at)
            .map(text -> TimeText.parse("--at", text, session.clock()).toInstant());
    String wanted =
        host != null
            ? host
            : session.environment().setting("HOST").orElseGet(() -> session.user().hostname());
    return new SnapshotChoice(
        snapshot == null ? SnapshotList.LATEST : snapshot,
        before,
        Optional.of(wanted).filter(name -> !name.isEmpty()),
        tags);
  }
}
