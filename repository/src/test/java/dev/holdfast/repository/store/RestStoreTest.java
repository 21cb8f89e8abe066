package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.store.rest.RestStore;
import dev.holdfast.testkit.RcloneServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a real server, and what is peculiar to one.
final class RestStoreTest implements ObjectStoreContract {
  private static final AtomicInteger FOLDERS = new AtomicInteger();
  private static final ExtendedOptions NO_OPTIONS = new ExtendedOptions("rest", Map.of());

  private static RcloneServer server;

  private String folder;
  private ObjectStore store;
  private ObjectStore other;

  @BeforeAll
  static void start() throws IOException {
    // Its memory, since what it writes into a folder can be seen half written; and without a
    // cache of what was listed: a list begun before a deletion puts the object into it again.
    server = RcloneServer.start(":memory:bucket", "--cache-objects=false");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createTheStore() {
    folder = "app" + FOLDERS.incrementAndGet() + "/repository";
    store = open(server.address() + folder, Map.of());
    other = open(server.address() + folder + "/", Map.of());
    store.create();
  }

  @AfterEach
  void closeTheStores() {
    store.close();
    other.close();
  }

  private static ObjectStore open(String url, Map<String, String> environment) {
    RestAddress address = (RestAddress) StoreAddress.parse("rest:" + url);
    Connecting connecting =
        new Connecting(
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            Connecting.STUCK_AFTER,
            environment);
    return new RestStore(address, NO_OPTIONS, connecting);
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
  void packsLieWhereResticLooksForThem(@TempDir Path files) throws Exception {
    try (RcloneServer disk = RcloneServer.start(files.toString());
        ObjectStore kept = open(disk.address() + "a/b", Map.of())) {
      kept.create();
      byte[] bytes = Stored.bytes(1, 1000);
      String hex = Stored.put(kept, ObjectType.PACK, bytes).hash().toHex();
      assertThat(files.resolve("a/b/data").resolve(hex.substring(0, 2)).resolve(hex))
          .hasBinaryContent(bytes);
    }
  }

  @Test
  void appendOnlyServerTakesWhatItHasAlreadyAndNothingElse(@TempDir Path files) throws Exception {
    try (RcloneServer appendOnly = RcloneServer.start(files.toString(), "--append-only");
        ObjectStore kept = open(appendOnly.address(), Map.of())) {
      kept.create();
      byte[] bytes = Stored.bytes(1, 1000);
      ObjectKey key = Stored.put(kept, ObjectType.PACK, bytes);
      kept.put(key, ByteBuffer.wrap(bytes));
      assertThatThrownBy(() -> kept.put(key, ByteBuffer.wrap(Stored.bytes(2, 1000))))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("refuses to");
      assertThatThrownBy(() -> kept.delete(key))
          .isInstanceOf(InputOutput.class)
          .hasMessage(kept.location() + " refuses to delete " + key);
      assertThat(kept.get(key)).isEqualTo(bytes);
      ObjectKey lock = Stored.put(kept, ObjectType.LOCK, bytes);
      kept.delete(lock);
      assertThat(kept.exists(lock)).isFalse();
    }
  }

  @Test
  void passwordComesFromTheAddressOrTheEnvironmentAndIsNeverShown(@TempDir Path files)
      throws Exception {
    try (RcloneServer guarded =
        RcloneServer.start(files.toString(), "--user", "ann", "--pass", "s3cr/et")) {
      String url = guarded.address();
      ObjectStore nobody = open(url, Map.of());
      assertThatThrownBy(nobody::create)
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("takes no request with these credentials");
      ObjectStore byVariables =
          open(url, Map.of("RESTIC_REST_USERNAME", "ann", "RESTIC_REST_PASSWORD", "s3cr/et"));
      byVariables.create();
      ObjectStore byAddress = open(url.replace("//", "//ann:s3cr%2Fet@"), Map.of());
      assertThat(byAddress.exists(ObjectKey.CONFIG)).isFalse();
      assertThat(byAddress.location()).isEqualTo("rest:" + url);
      ObjectStore wrong = open(url.replace("//", "//ann:0th3r@"), Map.of());
      assertThatThrownBy(() -> wrong.exists(ObjectKey.CONFIG))
          .isInstanceOf(InputOutput.class)
          .hasMessageNotContaining("0th3r");
      List.of(nobody, byVariables, byAddress, wrong).forEach(ObjectStore::close);
    }
  }

  @Test
  void optionThatDoesNotExistIsRefused() {
    ExtendedOptions options = ExtendedOptions.parse(List.of("rest.conections=3"), "rest");
    RestAddress address = (RestAddress) StoreAddress.parse("rest:" + server.address());
    assertThatThrownBy(() -> new RestStore(address, options, Connecting.DEFAULT))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("rest.conections");
  }

  @Test
  void refusedConnectionIsToldWithItsPort() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (ObjectStore nobody = open("http://127.0.0.1:" + port + "/", Map.of())) {
      assertThatThrownBy(() -> nobody.exists(ObjectKey.CONFIG))
          .isInstanceOf(Transient.class)
          .hasMessageEndingWith("127.0.0.1:" + port + " cannot be reached: Connection refused");
    }
  }

  @Test
  void requestsAtOnceAreAsManyAsTheOptionSays() {
    RestAddress address = (RestAddress) StoreAddress.parse("rest:" + server.address());
    try (ObjectStore three =
        new RestStore(
            address,
            ExtendedOptions.parse(List.of("rest.connections=3"), "rest"),
            Connecting.DEFAULT)) {
      assertThat(three.connections()).isEqualTo(3);
    }
    assertThat(store.connections()).isEqualTo(5);
    for (String wrong : List.of("0", "-1", "many", "100000")) {
      ExtendedOptions options = ExtendedOptions.parse(List.of("rest.connections=" + wrong), "rest");
      assertThatThrownBy(() -> new RestStore(address, options, Connecting.DEFAULT))
          .as(wrong)
          .isInstanceOf(Rejected.class)
          .hasMessageContaining("rest.connections");
    }
  }

  @Test
  void serverThatIsNotThereIsNamed() throws IOException {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (ObjectStore nowhere = open("http://127.0.0.1:" + port + "/", Map.of())) {
      assertThatThrownBy(() -> nowhere.exists(ObjectKey.CONFIG)).hasMessageContaining("127.0.0.1");
    }
    try (ObjectStore unknown = open("http://no-such-host.invalid/", Map.of())) {
      assertThatThrownBy(() -> unknown.exists(ObjectKey.CONFIG))
          .isInstanceOf(InputOutput.class)
          .hasMessageContaining("no-such-host.invalid");
    }
  }
}
