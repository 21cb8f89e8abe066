package dev.holdfast.engine.config.boundary;

import java.util.List;

/// What lies under an app's root and belongs to no source and no exclude.
///
/// @param paths absolute, in order; a folder of which nothing is inside stands for all that is in
///   it, with a `/` at its end; at most [#MAX_PATHS]
/// @param leftOut how many more there are
/// @param complete whether everything was looked at, which takes permission to and no more than
///   [#MAX_LOOKS] entries
public record Outside(List<String> paths, long leftOut, boolean complete) {
  /// More would not be read by anyone; the rest is counted.
  public static final int MAX_PATHS = 200;

  /// Bounds the time that is spent on what is not even backed up.
  public static final int MAX_LOOKS = 1_000_000;

  static final Outside NOTHING = new Outside(List.of(), 0, true);

  public Outside {
    paths = List.copyOf(paths);
  }

  public boolean isEmpty() {
    return paths.isEmpty();
  }
}
