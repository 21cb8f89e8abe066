package dev.holdfast.engine.recover.plan;

import java.util.Optional;

/// What a person wants recovered, and to where.
///
/// @param from a path in the snapshot
/// @param live where it is to be, absolute; links in it are followed
/// @param fromExport whether `from` is a folder that a database engine exported to, and a database
///   is to be made of it
/// @param mask statements that are run on a database before it goes live
public record Target(String from, String live, boolean fromExport, Optional<String> mask) {
  /// What is at `from`, as it is.
  public Target(String from, String live) {
    this(from, live, false, Optional.empty());
  }

  /// The same, with statements to be run on it.
  public Target masked(Optional<String> statements) {
    return new Target(from, live, fromExport, statements);
  }
}
