package dev.holdfast.posix;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The folder of the user's own files.
///
/// In a container a user need not be known to the system, and then has none, for which Java says
/// `?`: what is meant for that folder must not get into one of that name, wherever one happens to
/// be.
public final class Home {
  private static final String ROOT = "/";

  private Home() {}

  /// What `variable`, which is `HOME`, says, or else the system of its user; the root if neither
  /// says an absolute path, as it is in containers too.
  public static String of(@Nullable String variable) {
    return of(variable, System.getProperty("user.home"));
  }

  static String of(@Nullable String variable, @Nullable String known) {
    return absolute(variable).or(() -> absolute(known)).orElse(ROOT);
  }

  private static Optional<String> absolute(@Nullable String path) {
    return Optional.ofNullable(path).filter(it -> it.startsWith("/"));
  }
}
