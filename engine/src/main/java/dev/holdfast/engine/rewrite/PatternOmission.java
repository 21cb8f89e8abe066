package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.repository.rewrite.Omission;
import java.util.List;

/// Leaves out what matches a pattern, as restic's `rewrite` does: every directory is read, because
/// files are counted, and stays even if it becomes empty.
record PatternOmission(List<PathFilter> filters) implements Omission {
  PatternOmission {
    filters = filters.stream().filter(filter -> !filter.isEmpty()).toList();
  }

  @Override
  public boolean omits(String path) {
    return filters.stream().anyMatch(filter -> filter.matches(path));
  }

  @Override
  public boolean reaches(String directory) {
    return true;
  }

  @Override
  public boolean dropsEmptied() {
    return false;
  }
}
