package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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

      CommandResult refused = purge(network.address("bucket/place"), data);

      assertThat(refused.exitCode()).as(refused.errors()).isEqualTo(3);
      assertThat(refused.errors()).contains("the store protects an older version of ");
      assertThat(StoredBytes.holding(store, PASSWORD, MARKER)).isEmpty();
      assertThat(server.olderVersions("bucket").values())
          .anyMatch(key -> key.startsWith("place/snapshots/"))
          .anyMatch(key -> key.startsWith("place/data/"));

      assertThat(purge(address, data).succeeded().output()).contains("going on with the purge");

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

  private CommandResult purge(String address, Path path) {
    return holdfast(address, "purge", "--path", path.toString(), "--yes");
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
