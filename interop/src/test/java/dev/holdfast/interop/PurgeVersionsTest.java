package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.purge.Erasure;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.purge.Purge;
import dev.holdfast.engine.purge.PurgeObserver;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.store.ErasedVersions;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.repository.write.WriterOptions;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A path is purged from a bucket that keeps the versions of its objects: no version of any object
/// holds it, and what the bucket protects is said.
@Tag("slow")
class PurgeVersionsTest {
  private static final String MARKER = "this-file-is-of-somebody-who-goes";
  private static final String PASSWORD = "correct horse";

  @TempDir Path folder;

  @Test
  void nothingOfAPathIsInAnyVersionOfAnyObject() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/anna"));
    Path stays = Files.writeString(folder.resolve("data/stays"), "stays");
    try (S3Server server = S3Server.inMemory();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore store = server.store("bucket", "place")) {
      store.create();
      server.keepVersions("bucket");
      String address = server.address("bucket/place");
      holdfast(address, "init").succeeded();
      for (int i = 1; i <= 2; i++) {
        Files.writeString(data.resolve("letter"), MARKER + i);
        holdfast(address, "backup", folder.resolve("data").toString()).succeeded();
      }
      assertThat(StoredBytes.holding(store, PASSWORD, MARKER)).isNotEmpty();
      network.answer(request ->
          request.method().equals("DELETE") && request.target().contains("versionId")
              ? Optional.of(HttpMessage.error("403 Forbidden", "AccessDenied"))
              : Optional.empty());

      CommandResult refused = purge(network.address("bucket/place"), data, "--yes");

      assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(3);
      assertThat(refused.errors())
          .contains("the store protects an older version of ")
          .doesNotContain("locks/");
      assertThat(purge(address, data, "--report").succeeded().output())
          .contains("0 snapshots hold it", "is not finished");
      assertThat(StoredBytes.holding(store, PASSWORD, MARKER)).isEmpty();
      assertThat(server.olderVersions("bucket").values())
          .anyMatch(key -> key.startsWith("place/snapshots/"))
          .anyMatch(key -> key.startsWith("place/data/"));

      assertThat(purge(address, data, "--yes").succeeded().output())
          .contains("going on with the purge");
      assertThat(purge(address, data, "--report").succeeded().output())
          .doesNotContain("is not finished");

      // The lock of the purge itself, and the record that said that it had begun, go last: neither
      // holds what was purged, nor its name.
      assertThat(server.olderVersions("bucket").values())
          .allMatch(key -> key.startsWith("place/locks/") || key.startsWith("place/holdfast/"));
      assertThat(StoredBytes.holding(store, PASSWORD, MARKER)).isEmpty();
      assertThat(StoredBytes.holding(store, PASSWORD, "anna")).isEmpty();
      assertThat(holdfast(address, "dump", "latest", stays.toString()).succeeded().output())
          .isEqualTo("stays");
      holdfast(address, "check", "--read-data").succeeded();
      at(Command.of("restic", "--no-cache"), address)
          .with("check", "--read-data")
          .run()
          .succeeded();
    }
  }

  /// A bucket that protects everything for a time is never without protected versions.
  @Test
  void onlyVersionsFromBeforeThePurgeKeepItFromBeingFinished() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/anna"));
    Files.writeString(data.resolve("letter"), MARKER);
    try (S3Server server = S3Server.inMemory();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore store = server.store("bucket", "place")) {
      store.create();
      server.keepVersions("bucket");
      String address = server.address("bucket/place");
      holdfast(address, "init").succeeded();
      holdfast(address, "backup", folder.resolve("data").toString()).succeeded();
      network.answer(request ->
          request.method().equals("DELETE") && request.target().contains("versionId")
              ? Optional.of(HttpMessage.error("403 Forbidden", "AccessDenied"))
              : Optional.empty());
      try (ObjectStore guarded =
          S3Server.store(new S3Address("127.0.0.1:" + network.port(), true, "bucket", "place"))) {
        Instant begun = Instant.now();
        Purge.Outcome first = purge(guarded, data, begun);
        assertThat(first.keptVersions())
            .extracting(ErasedVersions.Kept::path)
            .anyMatch(path -> path.startsWith("data/"))
            .noneMatch(path -> path.startsWith("locks/"));
        assertThat(purge(guarded, data, begun.plus(Duration.ofDays(1))).isWhole())
            .as("it goes on with the same purge")
            .isFalse();

        // What comes after it is another thing, and erased with it when it goes on.
        holdfast(address, "backup", folder.resolve("data").toString()).succeeded();
        Instant ages = begun.minus(Duration.ofDays(400));
        assertThat(purge(guarded, data, ages).isWhole())
            .as("all versions were written after that")
            .isTrue();
        assertThat(StoredBytes.holding(store, PASSWORD, MARKER)).isEmpty();
        assertThat(purge(address, data, "--report").succeeded().output())
            .doesNotContain("is not finished");
      }
    }
  }

  private static Purge.Outcome purge(ObjectStore store, Path path, Instant now) {
    try (Repository repository =
        Repository.open(store, PASSWORD.getBytes(StandardCharsets.UTF_8), OpenOptions.DEFAULT)) {
      return new Purge(
              repository,
              new Identity.Path(Optional.empty(), path.toString()),
              WriterOptions.DEFAULT,
              new Silent())
          .run(Optional.empty(), Duration.ZERO, now, "somebody", new Random(1));
    }
  }

  /// Hears nothing.
  private static final class Silent implements PurgeObserver {
    @Override
    public void recorded(Erasure erasure, boolean resumed) {}

    @Override
    public void rewritten(SnapshotView old, Optional<SnapshotView> now) {}

    @Override
    public void pruning() {}

    @Override
    public void notice(String text) {}
  }

  private CommandResult purge(String address, Path path, String option) {
    return holdfast(address, "purge", "--path", path.toString(), option);
  }

  private CommandResult holdfast(String address, String... arguments) {
    return at(HoldfastProgram.launcher(), address).with(arguments).run();
  }

  private Command at(Command program, String address) {
    Command command = program.with("-r", address);
    for (Map.Entry<String, String> variable : S3Server.credentials().entrySet()) {
      command = command.withEnvironment(variable.getKey(), variable.getValue());
    }
    return command
        .withEnvironment("HOME", folder.toString())
        .withEnvironment("RESTIC_PASSWORD", PASSWORD);
  }
}
