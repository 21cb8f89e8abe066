package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program on a bucket that protects objects: what it says of that, and that what stays there
/// is sound, whatever could not be removed.
@Tag("slow")
class S3ObjectLockTest {
  private static final int CONTENT_BYTES = 200_000;

  @TempDir Path temporary;
  private Path folder = Path.of("");

  @Test
  void locksAreToldInTheReportAndAPruneLeavesASoundRepositoryWhateverStays() throws Exception {
    folder = temporary.toRealPath();
    ObjectLocks locks = new ObjectLocks();
    Path anna = file("anna", 1);
    Path zeta = file("zeta", 2);
    try (S3Server server = S3Server.ignoringUnknownHeaders();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore direct = server.store("bucket", "")) {
      direct.create();
      network.answer(locks::answer);
      Command holdfast =
          HoldfastProgram.launcher()
              .with("-r", network.address("bucket"), "--no-cache")
              .with("-o", "s3.object-lock-mode=governance", "-o", "s3.object-lock-days=10")
              .withEnvironment("RESTIC_PASSWORD", "correct horse")
              .withEnvironment("HOME", folder.toString())
              .withEnvironment("AWS_ACCESS_KEY_ID", S3Server.ID)
              .withEnvironment("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
      holdfast.with("init").run().succeeded();
      String first =
          Workplace.savedSnapshot(
              holdfast.with("backup", anna.toString()).run().succeeded().output());
      holdfast.with("backup", zeta.toString()).run().succeeded();
      // The lock of a pack ends later than that of the snapshot.
      Instant last = Instant.now().plus(Duration.ofDays(20));
      locks.until.replaceAll((name, until) -> name.contains("/data/") ? last.toString() : until);

      String report =
          holdfast.with("purge", "--path", anna.toString(), "--report").run().succeeded().output();
      assertThat(report).contains("1 snapshot holds it", "locked by the store until " + day(last));
      assertThat(
              holdfast
                  .with("purge", "--path", anna.toString(), "--report", "--json")
                  .run()
                  .succeeded()
                  .output())
          .contains("\"locked_until\":\"" + last);

      CommandResult forgotten = holdfast.with("forget", first).run();
      assertThat(forgotten.errors()).contains("is protected until");
      locks.until.keySet().removeIf(name -> name.contains("/snapshots/" + first));
      holdfast.with("forget", first).run().succeeded();

      // The pack is free and the index file that names it is not.
      locks.until.keySet().removeIf(name -> name.contains("/data/"));
      CommandResult held = holdfast.with("prune", "--max-unused", "0").run().succeeded();
      assertThat(held.errors() + held.output()).contains("the packs that they name stay for now");
      holdfast.with("check", "--read-data").run().succeeded();

      locks.until.clear();
      holdfast.with("prune", "--max-unused", "0").run().succeeded();
      holdfast.with("check", "--read-data").run().succeeded();
      assertThat(holdfast.with("list", "packs").run().succeeded().lines())
          .as("two packs of each backup were there")
          .hasSizeLessThan(4);
    }
  }

  private Path file(String name, int seed) throws Exception {
    byte[] content = new byte[CONTENT_BYTES];
    new Random(seed).nextBytes(content);
    return Files.write(folder.resolve(name), content);
  }

  private static String day(Instant when) {
    return when.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }
}
