package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/// Where a repository lies, as people write it after `--repo`: a path, or `local:` and a path, as
/// restic reads it.
///
/// Addresses of other kinds may hold passwords, so messages name their scheme and nothing more.
///
/// @param root the folder, as given: relative paths stay relative
public record StoreAddress(Path root) {
  private static final String LOCAL = "local";
  private static final Set<String> KNOWN_TO_RESTIC =
      Set.of("azure", "b2", "gs", "rclone", "rest", "s3", "sftp", "swift");

  /// Reads an address.
  ///
  /// @throws Unsupported for the kinds of storage that only restic has
  /// @throws Rejected if it is no address at all
  public static StoreAddress parse(String address) {
    if (address.isBlank()) {
      throw new Rejected(
          "the repository address is empty", "name the folder of the repository with --repo");
    }
    int colon = address.indexOf(':');
    String scheme = colon < 0 ? "" : address.substring(0, colon).toLowerCase(Locale.ROOT);
    if (scheme.equals(LOCAL)) {
      return local(address.substring(colon + 1));
    }
    if (KNOWN_TO_RESTIC.contains(scheme)) {
      throw new Unsupported(
          "repositories at '" + scheme + ":' addresses are not supported",
          "use a folder, or copy the repository to one with restic");
    }
    if (colon >= 0 && !address.startsWith("/") && !address.startsWith("../")) {
      throw new Rejected(
          "the repository address has an unknown scheme before its first colon",
          "if it is a folder, put 'local:' before it");
    }
    return local(address);
  }

  private static StoreAddress local(String path) {
    if (path.isEmpty()) {
      throw new Rejected(
          "the repository address 'local:' names no folder", "write a path after 'local:'");
    }
    try {
      return new StoreAddress(Path.of(path));
    } catch (InvalidPathException e) {
      throw new Rejected(
          "the repository address is not a path: " + e.getReason(),
          "name the folder of the repository with --repo");
    }
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
