package dev.holdfast.engine.source.postgres;

import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;

/// Whom a server of PostgreSQL runs as, which refuses to be root.
///
/// @param principal empty: whoever runs this process
/// @param prefix of its commands
record ServerUser(Optional<UserPrincipal> principal, List<String> prefix) {
  /// Users and their groups, the best first.
  private static final List<List<String>> CANDIDATES =
      List.of(
          List.of("postgres", "postgres"),
          List.of("nobody", "nogroup"),
          List.of("nobody", "nobody"));

  ServerUser {
    prefix = List.copyOf(prefix);
  }

  static ServerUser find() throws IOException {
    if (Posix.geteuid() != 0) {
      return new ServerUser(Optional.empty(), List.of());
    }
    UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
    for (List<String> candidate : CANDIDATES) {
      try {
        users.lookupPrincipalByGroupName(candidate.getLast());
        return new ServerUser(
            Optional.of(users.lookupPrincipalByName(candidate.getFirst())),
            List.of(
                "setpriv",
                "--reuid=" + candidate.getFirst(),
                "--regid=" + candidate.getLast(),
                "--clear-groups",
                "--"));
      } catch (UserPrincipalNotFoundException _) {
        // the next one
      }
    }
    throw new HoldfastException.Unsupported(
        "a server of PostgreSQL cannot run as root, and there is no user 'postgres' or 'nobody'",
        "make one, or name a server to make scratch databases on");
  }

  /// Gives it a folder, and nobody else.
  void own(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    if (principal.isPresent()) {
      Files.setOwner(folder, principal.get());
    }
  }
}
