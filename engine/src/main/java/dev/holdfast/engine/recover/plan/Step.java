package dev.holdfast.engine.recover.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The steps of a recovery, in their order (design, section 7). Up to [#VERIFY] nothing live is
/// touched; from [#COMMIT] on there is no way back but an undo.
public enum Step {
  VALIDATE("checking that it can be done"),
  RESTORE_POINT("backing up the present state"),
  STAGE("writing the new state beside the live one"),
  VERIFY("checking the new state"),
  QUIESCE("stopping whatever uses the present state"),
  SWAP("putting the new state in place"),
  ADAPT("adapting the new state"),
  START("starting the service and asking whether it is well"),
  COMMIT("finishing");

  private final String phrase;

  Step(String phrase) {
    this.phrase = phrase;
  }

  /// What is being done, for people.
  public String phrase() {
    return phrase;
  }

  /// The step's name in journals and messages, such as `restore-point`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The step of that name.
  public static Optional<Step> parse(String word) {
    return Arrays.stream(values()).filter(step -> step.word().equals(word)).findFirst();
  }
}
