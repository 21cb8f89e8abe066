package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.maintenance.RetentionExtension;
import dev.holdfast.repository.s3.S3Settings;
import dev.holdfast.repository.s3.S3Store;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ErasedVersions;
import dev.holdfast.repository.store.ExtendedOptions;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import dev.holdfast.testkit.Command;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands between a bucket and those who want something of it: Object Lock, versions, and
/// certificates.
@Tag("slow")
class S3ProtectionTest {
  private static final byte[] BYTES = {1, 2, 3};

  private static ObjectKey key(ObjectType type, byte... bytes) {
    return new ObjectKey(type, Hasher.of(bytes));
  }

  private static ObjectStore locking(int port, List<String> notices) {
    return locking(port, notices, "governance");
  }

  private static ObjectStore locking(int port, List<String> notices, String mode) {
    return S3Store.at(
        new S3Address("127.0.0.1:" + port, true, "bucket", ""),
        S3Settings.of(
            ExtendedOptions.parse(
                List.of(
                    "s3.object-lock-mode=" + mode,
                    "s3.object-lock-days=10",
                    "s3.multipart-above=5"),
                "s3"),
            Optional.empty()),
        S3Server.connecting(S3Server.credentials()),
        Clock.systemUTC(),
        notices::add);
  }

  @Test
  void whatIsProtectedStaysAndIsToldWhileLocksOfTheRepositoryGo() throws Exception {
    ObjectLocks locks = new ObjectLocks();
    List<String> notices = new ArrayList<>();
    ObjectKey pack = key(ObjectType.PACK, BYTES);
    ObjectKey lock = key(ObjectType.LOCK, BYTES);
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore store = locking(network.port(), notices)) {
      direct.create();
      network.answer(locks::answer);
      store.put(pack, ByteBuffer.wrap(BYTES));
      store.put(lock, ByteBuffer.wrap(BYTES));
      Instant end = Instant.parse(locks.until.get("/bucket/" + pack.path()));
      assertThat(end)
          .isBetween(
              Instant.now().plus(Duration.ofDays(9)), Instant.now().plus(Duration.ofDays(11)));

      store.delete(lock);
      store.delete(pack);

      assertThat(direct.exists(lock)).isFalse();
      assertThat(direct.exists(pack)).isTrue();
      assertThat(notices)
          .singleElement()
          .satisfies(it -> assertThat(it).contains(pack.path(), end.toString()));
      store.extendRetention(pack);
      assertThat(locks.extended.get()).as("more than half is left").isZero();
      locks.until.put("/bucket/" + pack.path(), Instant.now().plus(Duration.ofDays(2)).toString());
      store.extendRetention(pack);
      assertThat(locks.extended.get()).isEqualTo(1);
    }
  }

  @Test
  void whatCameInPartsIsProtectedThoughTheServerForgotThatItWasToBe() throws Exception {
    ObjectLocks locks = new ObjectLocks();
    byte[] large = new byte[(6 << 20) + 1];
    ObjectKey pack = key(ObjectType.PACK, large);
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore store = locking(network.port(), new ArrayList<>())) {
      direct.create();
      network.answer(request ->
          request.target().contains("uploadId") ? Optional.empty() : locks.answer(request));

      store.put(pack, ByteBuffer.wrap(large));

      assertThat(Instant.parse(locks.until.get("/bucket/" + pack.path())))
          .isAfter(Instant.now().plus(Duration.ofDays(9)));
      assertThat(direct.get(pack)).isEqualTo(large);
    }
  }

  @Test
  void aServerThatProtectsNothingIsToldAndNothingIsOverwritten() throws Exception {
    ObjectKey pack = key(ObjectType.PACK, BYTES);
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore store = locking(network.port(), new ArrayList<>())) {
      direct.create();
      // One that does not know the question takes it for the object.
      network.answer(request ->
          request.target().endsWith("?retention")
              ? Optional.of(HttpMessage.answer("200 OK", "bytes of a pack"))
              : Optional.empty());

      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> store.put(pack, ByteBuffer.wrap(BYTES)))
            .isInstanceOf(Unsupported.class)
            .hasMessageContaining("the bucket 'bucket' does not protect objects");
      }

      assertThat(direct.get(pack)).isEqualTo(BYTES);
    }
  }

  @Test
  void protectionIsNeverMadeLessStrictAndStricterOnlyPastTheOldOne() throws Exception {
    ObjectLocks locks = new ObjectLocks();
    ObjectKey pack = key(ObjectType.PACK, BYTES);
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore mild = locking(network.port(), new ArrayList<>());
        ObjectStore strict = locking(network.port(), new ArrayList<>(), "compliance")) {
      direct.create();
      network.answer(locks::answer);
      mild.put(pack, ByteBuffer.wrap(BYTES));
      String name = "/bucket/" + pack.path();

      locks.until.put(name, Instant.now().plus(Duration.ofDays(2)).toString());
      strict.extendRetention(pack);
      assertThat(locks.asked).isEqualTo("COMPLIANCE");
      assertThat(locks.bypassed).isTrue();

      locks.mode = "COMPLIANCE";
      locks.until.put(name, Instant.now().plus(Duration.ofDays(2)).toString());
      mild.extendRetention(pack);
      assertThat(locks.asked).isEqualTo("COMPLIANCE");
      assertThat(locks.bypassed).isFalse();

      locks.until.put(name, Instant.now().minus(Duration.ofDays(2)).toString());
      mild.extendRetention(pack);
      assertThat(locks.asked).as("that of old is over").isEqualTo("GOVERNANCE");
      assertThat(locks.extended.get()).isEqualTo(3);
    }
  }

  @Test
  void whatARepositoryStillNeedsIsProtectedAnew() throws Exception {
    ObjectLocks locks = new ObjectLocks();
    List<String> notices = new ArrayList<>();
    byte[] password = {'x'};
    InitOptions options = InitOptions.of(KeyringOptions.of("host", "user"));
    ObjectKey unknown = key(ObjectType.PACK, BYTES);
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore store = locking(network.port(), notices)) {
      direct.create();
      network.answer(locks::answer);
      try (Repository repository = Repository.init(store, password, options)) {
        try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
          writer.save(BlobType.DATA, BYTES, 0, BYTES.length);
          writer.flush();
        }
        store.put(unknown, ByteBuffer.wrap(BYTES));
        assertThat(locks.until).as("config, key, pack, index, unknown pack").hasSize(5);
        assertThat(RetentionExtension.extend(repository)).isEqualTo(4);
        assertThat(locks.extended.get()).isZero();
        locks.until.replaceAll((name, until) -> Instant.now().plus(Duration.ofDays(2)).toString());
        assertThat(RetentionExtension.extend(repository)).isEqualTo(4);
      }
      assertThat(locks.extended.get()).isEqualTo(4);
      assertThat(Instant.parse(locks.until.get("/bucket/" + unknown.path())))
          .isBefore(Instant.now().plus(Duration.ofDays(3)));
    }
  }

  @Test
  void olderVersionsAreErasedAndPresentOnesStay() throws Exception {
    ObjectKey gone = key(ObjectType.SNAPSHOT, BYTES);
    try (S3Server server = S3Server.inMemory();
        ObjectStore store = server.store("bucket", "prefix")) {
      store.create();
      server.keepVersions("bucket");
      store.put(ObjectKey.CONFIG, ByteBuffer.wrap(BYTES));
      store.put(ObjectKey.CONFIG, ByteBuffer.wrap(new byte[] {4}));
      store.put(gone, ByteBuffer.wrap(BYTES));
      store.delete(gone);

      assertThat(store.eraseOldVersions()).isEqualTo(new ErasedVersions(3, List.of()));
      assertThat(store.eraseOldVersions()).isEqualTo(ErasedVersions.NONE);
      assertThat(store.get(ObjectKey.CONFIG)).containsExactly(4);
      assertThat(store.exists(gone)).isFalse();
    }
  }

  @Test
  void whatIsDeletedStaysSoWhenAnOlderVersionOfItIsProtected() throws Exception {
    ObjectKey gone = key(ObjectType.SNAPSHOT, BYTES);
    try (S3Server server = S3Server.inMemory();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore store =
            S3Server.store(new S3Address("127.0.0.1:" + network.port(), true, "bucket", ""))) {
      direct.create();
      server.keepVersions("bucket");
      direct.put(gone, ByteBuffer.wrap(BYTES));
      direct.delete(gone);
      Set<String> protectedOnes = server.olderVersions("bucket").keySet();
      assertThat(protectedOnes).hasSize(1);
      network.answer(request ->
          request.method().equals("DELETE")
                  && protectedOnes.stream().anyMatch(request.target()::contains)
              ? Optional.of(HttpMessage.error("403 Forbidden", "AccessDenied"))
              : Optional.empty());

      ErasedVersions erased = store.eraseOldVersions();

      assertThat(erased.removed()).isZero();
      assertThat(erased.kept()).extracting(ErasedVersions.Kept::path).containsExactly(gone.path());
      assertThat(direct.exists(gone)).as("without its marker it would be back").isFalse();
      network.answer(request -> Optional.empty());
      assertThat(store.eraseOldVersions()).isEqualTo(new ErasedVersions(2, List.of()));
      assertThat(direct.exists(gone)).isFalse();
    }
  }

  @Test
  void theMarkerOfADeletedObjectGoesAfterTheVersionsOfALaterAnswer() throws Exception {
    List<String> deleted = Collections.synchronizedList(new ArrayList<>());
    try (S3Server server = S3Server.inMemory();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore store =
            S3Server.store(new S3Address("127.0.0.1:" + network.port(), true, "bucket", ""))) {
      network.answer(request -> {
        String target = request.target();
        if (request.method().equals("DELETE")) {
          deleted.add(target.replaceAll(".*versionId=(\\w+).*", "$1"));
          return Optional.of(HttpMessage.answer("204 No Content", ""));
        }
        if (!target.contains("prefix=locks")) {
          return Optional.of(HttpMessage.answer("200 OK", versions(false)));
        }
        return Optional.of(
            HttpMessage.answer(
                "200 OK",
                target.contains("version-id-marker=v2")
                    ? versions(false, version("locks/a", "v1"), marker("locks/b", "w2"))
                    : versions(true, marker("locks/a", "v3"), version("locks/a", "v2"))));
      });

      assertThat(store.eraseOldVersions()).isEqualTo(new ErasedVersions(4, List.of()));

      assertThat(deleted).containsExactly("v2", "v1", "v3", "w2");
    }
  }

  /// A listing as S3 gives it.
  private static String versions(boolean more, String... entries) {
    return "<ListVersionsResult><Name>bucket</Name><IsTruncated>%s</IsTruncated>%s%s</ListVersionsResult>"
        .formatted(
            more,
            more
                ? "<NextKeyMarker>locks/a</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>"
                : "",
            String.join("", entries));
  }

  private static String version(String key, String id) {
    return "<Version><Key>%s</Key><VersionId>%s</VersionId><IsLatest>false</IsLatest></Version>"
        .formatted(key, id);
  }

  private static String marker(String key, String id) {
    return "<DeleteMarker><Key>%s</Key><VersionId>%s</VersionId><IsLatest>true</IsLatest></DeleteMarker>"
        .formatted(key, id);
  }

  @Test
  void bucketsWithEncryptionAndClassesTakeWhatTheyAreGiven() throws Exception {
    try (S3Server server = S3Server.inMemory();
        ObjectStore store =
            server.store(
                "bucket", "", "s3.server-side-encryption=AES256", "s3.storage-class=STANDARD_IA")) {
      store.create();
      ObjectKey pack = key(ObjectType.PACK, BYTES);
      store.put(pack, ByteBuffer.wrap(BYTES));
      assertThat(store.get(pack)).isEqualTo(BYTES);
    }
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    for (String[] options :
        new String[][] {
          {"s3.object-lock-mode=governance"},
          {"s3.object-lock-mode=x", "s3.object-lock-days=1"},
          {"s3.bucket-lookup=x"},
          {"s3.connections=0"},
          {"s3.unsafe-anonymous-auth=perhaps"},
          {"s3.enable-restore=true"},
          {"s3.layout=s3legacy"},
          {"s3.region=a", "s3.region=b"}
        }) {
      assertThatThrownBy(
              () -> S3Settings.of(ExtendedOptions.parse(List.of(options), "s3"), Optional.empty()))
          .isInstanceOf(Rejected.class)
          .hasMessageContaining("s3.");
    }
  }

  @Test
  void aServerIsTrustedIfItsAuthorityIsNamed(@TempDir Path folder) throws Exception {
    Path keys = folder.resolve("keys");
    Path certificate = folder.resolve("certificate.pem");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Command.of(keytool, "-genkeypair", "-alias", "s3", "-keyalg", "EC", "-dname", "CN=localhost")
        .with("-ext", "san=ip:127.0.0.1", "-keystore", keys.toString())
        .with("-storepass", "password", "-validity", "2")
        .run()
        .succeeded();
    Command.of(keytool, "-exportcert", "-rfc", "-alias", "s3", "-keystore", keys.toString())
        .with("-storepass", "password", "-file", certificate.toString())
        .run()
        .succeeded();
    try (S3Server server = S3Server.withTls(keys, "password")) {
      S3Address address = new S3Address("127.0.0.1:" + server.securePort(), false, "bucket", "");
      Connecting plain = S3Server.connecting(S3Server.credentials());
      try (ObjectStore store = S3Server.store(address, plain)) {
        assertThatThrownBy(store::create)
            .isInstanceOf(InputOutput.class)
            .hasMessageContaining("certificate of 127.0.0.1")
            .extracting(it -> ((InputOutput) it).hint())
            .asString()
            .contains("--cacert");
      }
      for (Connecting trusting :
          List.of(
              new Connecting(
                  List.of(certificate),
                  Optional.empty(),
                  false,
                  Optional.empty(),
                  Connecting.STUCK_AFTER,
                  S3Server.credentials()),
              new Connecting(
                  List.of(),
                  Optional.empty(),
                  true,
                  Optional.empty(),
                  Connecting.STUCK_AFTER,
                  S3Server.credentials()))) {
        try (ObjectStore store = S3Server.store(address, trusting)) {
          store.create();
          store.put(ObjectKey.CONFIG, ByteBuffer.wrap(BYTES));
          assertThat(store.get(ObjectKey.CONFIG)).isEqualTo(BYTES);
        }
      }
    }
  }
}
