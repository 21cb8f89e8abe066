package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Where a repository lies, as people write it after `--repo` and as restic reads it.
///
/// Addresses may hold passwords, so messages name their scheme and nothing more.
public sealed interface StoreAddress
    permits StoreAddress.Local, RestAddress, S3Address, SftpAddress {
  /// A name and a password of a REST server, and in any address what is put before its host with a
  /// colon in it.
  Pattern CREDENTIALS = Pattern.compile("(?i)(^rest:https?://)[^/?#]*@|(://)[^/?#:@]*:[^/?#]*@");

  /// The address as it is shown and written down: without a name and a password.
  static String shown(String address) {
    return CREDENTIALS.matcher(address).replaceFirst("$1$2");
  }

  /// A folder.
  ///
  /// @param root as given: relative paths stay relative
  record Local(Path root) implements StoreAddress {
    @Override
    public String toString() {
      return root.toString();
    }
  }

  /// Reads an address.
  ///
  /// @throws Unsupported for the kinds of storage that only restic has
  /// @throws Rejected if it is no address at all
  static StoreAddress parse(String address) {
    if (address.isBlank()) {
      throw new Rejected(
          "the repository address is empty", "name the folder of the repository with --repo");
    }
    int colon = address.indexOf(':');
    String scheme = colon < 0 ? "" : address.substring(0, colon).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "local" -> local(address.substring(colon + 1));
      case "rest" -> RestAddress.parse(address.substring(colon + 1));
      case "sftp" -> SftpAddress.parse(address.substring(colon + 1));
      case "s3" -> S3Address.parse(address.substring(colon + 1));
      default -> other(scheme, address);
    };
  }

  private static StoreAddress other(String scheme, String address) {
    if (Set.of("azure", "b2", "gs", "rclone", "swift").contains(scheme)) {
      throw new Unsupported(
          "repositories at '" + scheme + ":' addresses are not supported",
          "use a folder, or copy the repository to one with restic");
    }
    if (!scheme.isEmpty() && !address.startsWith("/") && !address.startsWith("../")) {
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
      return new Local(Path.of(path));
    } catch (InvalidPathException e) {
      throw new Rejected(
          "the repository address is not a path: " + e.getReason(),
          "name the folder of the repository with --repo");
    }
  }
}
