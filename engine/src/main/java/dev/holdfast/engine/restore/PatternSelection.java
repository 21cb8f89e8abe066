package dev.holdfast.engine.restore;

import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.repository.restore.Selection;
import java.util.List;

/// Chooses what to restore by patterns, with restic's meaning: either everything but what matches,
/// or nothing but what matches.
public final class PatternSelection {
  private PatternSelection() {}

  /// Everything that none of the filters matches.
  public static Selection excluding(List<PathFilter> filters) {
    return (path, directory) ->
        filters.stream().anyMatch(filter -> filter.matches(path))
            ? Selection.Choice.SKIP
            : Selection.Choice.TAKE;
  }

  /// What any of the filters matches, and the directories on the way there.
  public static Selection including(List<PathFilter> filters) {
    return (path, directory) -> {
      boolean matched = false;
      boolean childMayMatch = false;
      for (PathFilter filter : filters) {
        if (!filter.isEmpty()) {
          PathFilter.Match match = filter.match(path);
          matched |= match.matched();
          childMayMatch |= match.childMayMatch();
        }
      }
      return new Selection.Choice(matched, directory && childMayMatch);
    };
  }
}
