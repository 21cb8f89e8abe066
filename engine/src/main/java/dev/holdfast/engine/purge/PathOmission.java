package dev.holdfast.engine.purge;

import dev.holdfast.repository.rewrite.Omission;
import java.util.Set;

/// Leaves out paths, and folders that are empty without them: their names may tell who it was.
record PathOmission(Set<String> paths) implements Omission {
  @Override
  public boolean omits(String path) {
    return paths.contains(path);
  }

  @Override
  public boolean reaches(String directory) {
    String inside = directory + "/";
    return paths.stream().anyMatch(path -> path.startsWith(inside));
  }

  @Override
  public boolean dropsEmptied() {
    return true;
  }
}
