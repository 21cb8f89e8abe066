package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.Secret;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// The repository that is used when none is named: a folder under the user's data home, with a
/// generated password in the user's configuration home.
final class DefaultRepository {
  private static final int PASSWORD_BYTES = 24;

  private final Path folder;
  private final Path passwordFile;

  DefaultRepository(Environment environment) {
    folder = environment.dataHome().resolve("holdfast").resolve("repository");
    passwordFile = environment.configurationHome().resolve("holdfast").resolve("password");
  }

  Path folder() {
    return folder;
  }

  Path passwordFile() {
    return passwordFile;
  }

  /// Where its password is; empty if there is none yet.
  Optional<Secret> password() {
    return Files.exists(passwordFile)
        ? Optional.of(new Secret.InFile(passwordFile.toString()))
        : Optional.empty();
  }

  /// For a person, once the repository was created.
  String whereThePasswordIs() {
    return """
    created the repository %s
    Its password was generated and is in %s.
    Without that password nothing in the repository can be read. Keep a copy of it somewhere
    else, away from this machine: a password manager or a sheet of paper will do.
    """
        .formatted(folder, passwordFile)
        .stripTrailing();
  }

  /// Creates the password unless there is one. It is complete and durable, mode 0600, when this
  /// returns: a repository whose password was lost on the way would be lost with it.
  void ensurePassword(SecureRandom random) {
    if (Files.exists(passwordFile)) {
      return;
    }
    try {
      Path directory = passwordFile.getParent();
      if (directory == null) {
        throw new IOException(passwordFile + " has no folder");
      }
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      publish(directory, generate(random));
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the password file " + passwordFile + " cannot be created: " + Reason.of(e),
          "name a repository with --repo and give it a password of your own",
          e);
    }
  }

  private static byte[] generate(SecureRandom random) {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void publish(Path directory, byte[] password) throws IOException {
    Path temporary =
        Files.createTempFile(
            directory,
            "password",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(password);
        while (left.hasRemaining()) {
          file.write(left);
        }
        file.force(true);
      }
      // A link, unlike a rename, does not replace the password that another process just made.
      Files.createLink(passwordFile, temporary);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (UnsupportedOperationException e) {
      throw new AtomicMoveNotSupportedException(
          temporary.toString(), passwordFile.toString(), "no hard links");
    } finally {
      Files.deleteIfExists(temporary);
    }
    force(directory);
    Path parent = directory.getParent();
    if (parent != null) {
      force(parent);
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
