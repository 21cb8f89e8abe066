package dev.holdfast.interop;

import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A real SSH connection to this machine, for which the client starts the server by itself instead
/// of over a network.
final class Ssh {
  private Ssh() {}

  /// The options of Holdfast and restic for a repository that is reached so.
  ///
  /// @param client what [#configure] made
  static String[] repository(Path client, Path repository) {
    return new String[] {
      "-r", "sftp:backup:" + repository, "-o", "sftp.command=ssh -F " + client + " backup -s sftp"
    };
  }

  /// Writes the configuration of a client and a server that know each other's key.
  ///
  /// @param place an empty folder
  /// @return the client's
  static Path configure(Path place) throws IOException {
    for (String name : new String[] {"host", "user"}) {
      Command.of(
              "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place.resolve(name).toString())
          .run()
          .succeeded();
    }
    Path server =
        Files.writeString(
            place.resolve("sshd_config"),
            """
            HostKey %1$s/host
            AuthorizedKeysFile %1$s/user.pub
            StrictModes no
            UsePAM no
            PidFile none
            PermitRootLogin yes
            Subsystem sftp internal-sftp
            """
                .formatted(place));
    String hostKey = Files.readString(place.resolve("host.pub"));
    Path known = Files.writeString(place.resolve("known_hosts"), "backup " + hostKey);
    // Where the server drops its rights; the package's service would make it.
    Path apart = Path.of("/run/sshd");
    if (Files.isWritable(apart.getParent()) && !Files.exists(apart)) {
      Files.createDirectory(
          apart,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    return Files.writeString(
        place.resolve("config"),
        """
        Host backup
          ProxyCommand /usr/sbin/sshd -i -f %s
          IdentityFile %s/user
          IdentitiesOnly yes
          UserKnownHostsFile %s
          StrictHostKeyChecking yes
          BatchMode yes
          User %s
        """
            .formatted(server, place, known, System.getProperty("user.name")));
  }
}
