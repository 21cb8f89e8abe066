package dev.holdfast.engine.backup;

import dev.holdfast.engine.backup.FixedStates.Fixed;
import dev.holdfast.repository.error.HoldfastException;

/// What becomes of databases that cannot be stored.
///
/// One that cannot be understood is stored as the files it consists of, and reported, so that
/// nothing is lost; one that cannot be had now is only reported. One that was named as a target
/// itself makes a backup of paths fail, and any of an app makes the backup of the app fail, unless
/// its configuration prefers a part to nothing.
///
/// @param run the backup
record DatabaseFailures(BackupRun run) {
  /// @param file the database
  /// @return what to do with it, after it was reported
  /// @throws HoldfastException the reason, if the backup is to fail
  Fixed decide(String file, boolean isExplicit, HoldfastException reason) {
    BackupSubject.OnFailure policy = run.options().subject().onFailure();
    boolean fails =
        switch (policy) {
          case REPORT -> isExplicit;
          case FAIL -> true;
          case PARTIAL -> false;
        };
    if (fails) {
      throw reason;
    }
    return switch (reason) {
      case HoldfastException.Cancelled e -> throw e;
      case HoldfastException.Corrupt e -> asFiles(file, e);
      case HoldfastException.Unsupported e -> asFiles(file, e);
      default -> {
        run.problem(file, String.valueOf(reason.getMessage()));
        yield new Fixed.LeftOut();
      }
    };
  }

  private Fixed asFiles(String file, HoldfastException reason) {
    run.problem(file, reason.getMessage() + "; it is stored as an ordinary file instead");
    return new Fixed.AsFiles();
  }
}
