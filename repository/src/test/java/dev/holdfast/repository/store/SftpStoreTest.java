package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.store.sftp.SftpStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on OpenSSH's server program, without the encryption between, and what is peculiar
/// to it.
final class SftpStoreTest implements ObjectStoreContract {
  private static final String SERVER = "/usr/lib/openssh/sftp-server";

  @TempDir private Path folder;
  private Path root;
  private ObjectStore store;
  private ObjectStore other;

  @BeforeEach
  void createTheStore() {
    root = folder.resolve("deep/repository");
    store = open(SERVER);
    other = open(SERVER);
    store.create();
  }

  @AfterEach
  void closeTheStores() {
    store.close();
    other.close();
  }

  private ObjectStore open(String... command) {
    return open(root, command);
  }

  private static ObjectStore open(Path place, String... command) {
    SftpAddress address = (SftpAddress) StoreAddress.parse("sftp:localhost:" + place);
    return new SftpStore(address, List.of(command), 2, Duration.ofMinutes(1), new SecureRandom());
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public ObjectStore reopened() {
    return other;
  }

  @Test
  void layoutIsThatOfAFolderAndNobodyElseMayReadIt() throws IOException {
    byte[] bytes = Stored.bytes(1, 1000);
    String hex = Stored.put(store, ObjectType.PACK, bytes).hash().toHex();
    Path pack = root.resolve("data").resolve(hex.substring(0, 2)).resolve(hex);
    assertThat(pack).hasBinaryContent(bytes);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pack)))
        .isEqualTo("rw-------");
    assertThat(new LocalStore(root).get(Stored.key(ObjectType.PACK, bytes))).isEqualTo(bytes);
  }

  @Test
  void whatAnInterruptedWriteLeftIsNotListed() throws IOException {
    byte[] bytes = Stored.bytes(1, 10);
    String name = Stored.key(ObjectType.INDEX, bytes).hash().toHex();
    Files.write(root.resolve("index").resolve(name + "-restic-temp-0123"), bytes);
    assertThat(Stored.list(store, ObjectType.INDEX)).isEmpty();
  }

  @Test
  void connectionThatBrokeIsMadeAnew() {
    ObjectKey key = Stored.put(store, ObjectType.INDEX, Stored.bytes(1, 10));
    ProcessHandle server =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().command().orElse("").equals(SERVER))
            .findFirst()
            .orElseThrow();
    server.destroyForcibly();
    server.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    try {
      store.exists(key);
    } catch (Transient e) {
      assertThat(e).hasMessageContaining("localhost");
    }
    assertThat(store.exists(key)).isTrue();
  }

  @Test
  void whatTheProgramSaysIsTheReason() {
    try (ObjectStore refused = open("sh", "-c", "echo 'no key fits' >&2; exit 255")) {
      assertThatThrownBy(() -> refused.exists(ObjectKey.CONFIG))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("no key fits");
    }
    try (ObjectStore chatty = open("sh", "-c", "echo Welcome to this machine, dear user; cat")) {
      assertThatThrownBy(() -> chatty.exists(ObjectKey.CONFIG))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("not the SFTP protocol");
    }
    try (ObjectStore missing = open("/no/such/program")) {
      assertThatThrownBy(() -> missing.exists(ObjectKey.CONFIG))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("/no/such/program");
    }
  }

  @Test
  void serverThatDoesNotAnswerIsGivenUp() {
    SftpAddress address = (SftpAddress) StoreAddress.parse("sftp:localhost:/x");
    try (ObjectStore silent =
        new SftpStore(
            address, List.of("cat", "/dev/zero"), 1, Duration.ofMillis(200), new SecureRandom())) {
      assertThatThrownBy(() -> silent.exists(ObjectKey.CONFIG)).isInstanceOf(InputOutput.class);
    }
    try (ObjectStore silent =
        new SftpStore(
            address, List.of("sleep", "600"), 1, Duration.ofMillis(200), new SecureRandom())) {
      assertThatThrownBy(() -> silent.exists(ObjectKey.CONFIG))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("nothing came");
    }
  }

  @Test
  void folderThatMayNotBeWrittenIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    try (ObjectStore misplaced = open(file, SERVER)) {
      assertThatThrownBy(misplaced::create)
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining(file.toString());
      assertThatThrownBy(() ->
              misplaced.put(Stored.key(ObjectType.LOCK, new byte[1]), ByteBuffer.wrap(new byte[1])))
          .isInstanceOf(InputOutput.class);
    }
  }
}
