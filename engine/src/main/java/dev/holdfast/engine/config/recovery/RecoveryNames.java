package dev.holdfast.engine.config.recovery;

/// What a recovery leaves beside live data is known by its name.
public final class RecoveryNames {
  /// What every name of a safety copy has in it.
  public static final String SAFETY = ".pre-restore.";

  /// What the name of a stage folder begins with.
  public static final String STAGE = ".holdfast-";

  private RecoveryNames() {}

  /// Whether a name was given by a recovery: what it stands for belongs to no app.
  public static boolean isOurs(String name) {
    return name.contains(SAFETY) || name.startsWith(STAGE);
  }
}
