package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.recover.service.ServiceSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a recovery does, from beginning to end: everything that another process needs to finish it
/// or to undo it. Immutable; made by [Planner], carried out by
/// [dev.holdfast.engine.recover.Recovery].
///
/// @param id names the recovery, its journal and its safety copies, such as `20260308T120000Z-1f3c`
/// @param subject what a person calls it: the app, or the path
/// @param app the app of the configuration, if it is one
/// @param origin the snapshot that the new state is from; empty for an undo
/// @param undoes the id of the recovery that is undone
/// @param restorePoint whether the present state is backed up first
public record Plan(
    String id,
    Instant made,
    String subject,
    Optional<String> app,
    Optional<Origin> origin,
    Optional<String> undoes,
    List<Replacement> replacements,
    ServiceSettings service,
    boolean restorePoint) {
  /// Replacements in one plan: far more than any app has sources, and few enough to print.
  public static final int REPLACEMENTS_MAX = 10_000;

  public Plan {
    replacements = List.copyOf(replacements);
    if (replacements.isEmpty() || replacements.size() > REPLACEMENTS_MAX) {
      throw new IllegalArgumentException("a plan of " + replacements.size() + " replacements");
    }
    if (origin.isPresent() == undoes.isPresent()) {
      throw new IllegalArgumentException("a plan is of a snapshot or of an undo");
    }
  }

  /// The snapshot that the new state is from.
  ///
  /// @param repository the id of its repository, 64 hexadecimal digits
  /// @param location where that is, for people
  /// @param snapshot 64 hexadecimal digits
  public record Origin(
      String repository,
      String location,
      String snapshot,
      Instant time,
      String hostname,
      List<String> tags) {
    private static final int SHORT_DIGITS = 8;

    public Origin {
      tags = List.copyOf(tags);
    }

    public String shortId() {
      return snapshot.substring(0, Math.min(SHORT_DIGITS, snapshot.length()));
    }
  }

  /// Where the new state comes from, in words.
  public String describeOrigin() {
    return origin
        .map(snapshot -> "snapshot " + snapshot.shortId())
        .orElseGet(() -> "the safety copies of recovery " + undoes.orElseThrow());
  }
}
