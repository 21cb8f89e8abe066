package dev.holdfast.cli.setup;

/// What the program's exit status says (design, section 6).
public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;
  public static final int DONE_IN_PART = 3;
  public static final int DECLINED = 4;
  public static final int NO_REPOSITORY = 10;
  public static final int LOCKED = 11;
  public static final int WRONG_PASSWORD = 12;
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
