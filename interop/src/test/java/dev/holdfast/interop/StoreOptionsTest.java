package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What extended options (`-o`) make of a connection, as the other side sees it.
@Tag("slow")
class StoreOptionsTest {
  private static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd";

  @TempDir Path folder;

  private CommandResult holdfast(String location, String... arguments) {
    Command command = HoldfastProgram.launcher().with("-r", location).with(arguments);
    for (Map.Entry<String, String> variable : S3Server.credentials().entrySet()) {
      command = command.withEnvironment(variable.getKey(), variable.getValue());
    }
    return command
        .withEnvironment("HOME", folder.toString())
        .withEnvironment("RESTIC_PASSWORD", "correct horse")
        .run();
  }

  @Test
  void theKeyThatEncryptsIsNamedWithEachNewObject() throws Exception {
    Map<String, String> seen = new ConcurrentHashMap<>();
    byte[] content = {1, 2, 3};
    ObjectKey pack = new ObjectKey(ObjectType.PACK, Hasher.of(content));
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "");
        ObjectStore store =
            S3Server.store(
                new S3Address("127.0.0.1:" + network.port(), true, "bucket", ""),
                "s3.sse-kms-key-id=" + KEY)) {
      direct.create();
      network.answer(request -> {
        for (String header :
            new String[] {
              "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"
            }) {
          request.header(header).ifPresent(value -> seen.put(header, value));
        }
        return Optional.empty();
      });

      store.put(pack, ByteBuffer.wrap(content));
    }
    assertThat(seen)
        .containsEntry("x-amz-server-side-encryption", "aws:kms")
        .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", KEY);
  }

  @Test
  void aCallIsTriedAsOftenAsItIsSaidAndNoMore() throws Exception {
    try (S3Server server = S3Server.inMemory();
        FaultyNetwork network = new FaultyNetwork(server.port())) {
      network.follow(_ -> FaultyNetwork.Fault.SLOW_DOWN);
      CommandResult once =
          holdfast(network.address("bucket/place"), "-o", "s3.retries=1", "snapshots");
      assertThat(once.exitCode()).isEqualTo(1);
      assertThat(once.errors()).doesNotContain("trying again");

      CommandResult twice =
          holdfast(network.address("bucket/place"), "-o", "s3.retries=2", "snapshots");

      assertThat(twice.exitCode()).isEqualTo(1);
      // Several calls are under way at once, and each of them is tried again once.
      assertThat(
              twice
                  .errors()
                  .lines()
                  .filter(line -> line.contains(", trying again"))
                  .map(line -> line.substring(0, line.indexOf(", trying again"))))
          .isNotEmpty()
          .doesNotHaveDuplicates();
      assertThat(
              holdfast(network.address("bucket/place"), "-o", "s3.retries=0", "snapshots").errors())
          .contains("s3.retries");
    }
  }

  @Test
  void aBucketThatIsNotThereIsNamed() throws Exception {
    try (S3Server server = S3Server.inMemory()) {
      CommandResult ended = holdfast(server.address("no-such-bucket/place"), "snapshots");
      assertThat(ended.exitCode()).isEqualTo(10);
      assertThat(ended.errors())
          .contains("there is no bucket 'no-such-bucket' at 127.0.0.1:" + server.port())
          .contains("check the address, or create the repository with 'holdfast init'");
    }
  }

  @Test
  void whatSshIsGivenBesidesReachesIt() throws Exception {
    Path client = Ssh.configure(Files.createDirectory(folder.resolve("ssh")));
    Path remote = folder.resolve("a remote/repository");
    String location = "sftp:backup:" + remote;
    // The host is known to that configuration alone.
    String arguments = "sftp.args=-F '" + client + "'";
    holdfast(location, "-o", arguments, "init").succeeded();
    assertThat(remote.resolve("config")).isRegularFile();
    CommandResult both =
        holdfast(location, "-o", arguments, "-o", "sftp.command=ssh backup -s sftp", "snapshots");
    assertThat(both.exitCode()).isEqualTo(1);
    assertThat(both.errors()).contains("sftp.command and sftp.args were both given");
  }
}
