package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.recover.service.ServiceSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a recovery does, from beginning to end: everything that another process needs to finish it
/// or to undo it. Immutable; made by [Planner], carried out by
/// [dev.holdfast.engine.recover.Recovery].
///
/// @param id names the recovery, its journal and its safety copies, such as `20260308T120000Z-1f3c`
/// @param subject what a person calls it: the app, or the path
/// @param app the app of the configuration, if it is one
/// @param configuration the file that the app is described in, absolute; apps of the same name in
///   other files are other ones
/// @param origin the snapshot that the new state is from; empty for an undo
/// @param undoes the id of the recovery that is undone
/// @param replacements databases in files, files and folders
/// @param databases of servers, which are replaced after everything else
/// @param restorePoint whether the present state is backed up first
public record Plan(
    String id,
    Instant made,
    String subject,
    Optional<String> app,
    Optional<String> configuration,
    Optional<Origin> origin,
    Optional<String> undoes,
    List<Replacement> replacements,
    List<ServerDatabase> databases,
    ServiceSettings service,
    boolean restorePoint) {
  /// Replacements in one plan: far more than any app has sources, and few enough to print.
  public static final int REPLACEMENTS_MAX = 10_000;

  public Plan {
    replacements = List.copyOf(replacements);
    databases = List.copyOf(databases);
    int count = replacements.size() + databases.size();
    if (count == 0 || count > REPLACEMENTS_MAX) {
      throw new IllegalArgumentException("a plan of " + count + " replacements");
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

  /// Everything that is replaced, in the order in which it is.
  public List<Replaced> replaced() {
    return Stream.concat(replacements.stream(), databases.stream())
        .map(Replaced.class::cast)
        .toList();
  }

  /// Paths, and names of databases, that no two recoveries may have at once.
  public List<String> claims() {
    return replaced().stream().flatMap(it -> it.claims().stream()).toList();
  }

  /// Where the new state comes from, in words.
  public String describeOrigin() {
    return origin
        .map(snapshot -> "snapshot " + snapshot.shortId())
        .orElseGet(() -> "the safety copies of recovery " + undoes.orElseThrow());
  }
}
