package dev.holdfast.engine.archive;

/// Which symbolic links an archive may hold.
final class LinkRule {
  private LinkRule() {}

  /// Whether what a link says tells where it leads only as long as nothing on the way is another
  /// link: a step upwards follows one into something.
  static boolean isWinding(String target) {
    boolean descended = false;
    for (String step : target.split("/", -1)) {
      if (step.equals("..") && descended) {
        return true;
      }
      descended |= !step.equals("..") && !step.isEmpty() && !step.equals(".");
    }
    return false;
  }

  /// Whether a link may lead out of the folder that its archive is extracted into.
  ///
  /// @param name of the link, relative, without steps upwards
  /// @param target as the link has it
  static boolean leadsOut(String name, String target) {
    if (target.isEmpty() || target.startsWith("/")) {
      return true;
    }
    int depth = name.split("/", -1).length - 1;
    for (String step : target.split("/", -1)) {
      if (step.equals("..")) {
        depth--;
      } else if (!step.isEmpty() && !step.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }
}
