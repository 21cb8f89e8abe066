package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Plan;
import java.time.InstantSource;
import java.util.Optional;

/// Journals without a folder and its locks, for tests.
public final class Journals {
  private Journals() {}

  public static Journal create(LiveFiles files, String path, Plan plan) {
    return Journal.create(files, path, InstantSource.fixed(plan.made()), plan, 1);
  }

  public static Optional<Journal> open(LiveFiles files, String path) {
    return Journal.open(files, path, InstantSource.system());
  }
}
