package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bucket whose name is in the name of the host, on a server that knows it only so.
@Tag("slow")
class S3VirtualHostTest {
  private static final String DOMAIN = "s3.test";
  private static final String BUCKET = "the-bucket";

  @TempDir Path temporary;

  @Test
  void theBucketIsInTheHostsNameAndNotInThePath() throws Exception {
    Path folder = temporary.toRealPath();
    // Names of the program's own, whatever this machine knows.
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"), "127.0.0.1 %s %s.%s\n".formatted(DOMAIN, BUCKET, DOMAIN));
    Path file = Files.writeString(folder.resolve("file"), "content");
    Set<String> seen = ConcurrentHashMap.newKeySet();
    Set<String> targets = ConcurrentHashMap.newKeySet();
    try (S3Server server = S3Server.withVirtualHosts(DOMAIN);
        FaultyNetwork network = new FaultyNetwork(server.port())) {
      network.follow(request -> {
        seen.add(request.header("Host").orElse(""));
        targets.add(request.target());
        return FaultyNetwork.Fault.NONE;
      });
      Command holdfast =
          HoldfastProgram.launcher()
              .with("-r", "s3:http://%s:%d/%s/place".formatted(DOMAIN, network.port(), BUCKET))
              .with("-o", "s3.bucket-lookup=dns", "--cache-dir", folder.resolve("cache").toString())
              .withEnvironment("HOLDFAST_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts)
              .withEnvironment("RESTIC_PASSWORD", "correct horse")
              .withEnvironment("AWS_ACCESS_KEY_ID", S3Server.ID)
              .withEnvironment("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);

      holdfast.with("init").run().succeeded();
      holdfast.with("backup", file.toString()).run().succeeded();
      assertThat(holdfast.with("dump", "latest", file.toString()).run().succeeded().output())
          .isEqualTo("content");

      assertThat(seen).containsExactly(BUCKET + "." + DOMAIN + ":" + network.port());
      assertThat(targets)
          .anyMatch(target -> target.startsWith("/place/data/"))
          .noneMatch(target -> target.contains(BUCKET));
    }
  }
}
