package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.RcloneServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A REST server that nobody knows, and that lets nobody in whom it does not know.
class ClientCertificateTest {
  @TempDir Path scratch;

  private void openssl(String arguments) {
    Command.of("openssl").with(arguments.split(" ", -1)).in(scratch).run().succeeded();
  }

  private void sign(String name) {
    openssl(
        "req -newkey rsa:2048 -nodes -keyout %1$s.key -out %1$s.csr -subj /CN=%1$s"
            .formatted(name));
    openssl(
        "x509 -req -in %1$s.csr -CA ca.pem -CAkey ca.key -out %1$s.pem -days 2 -extfile names"
            .formatted(name));
  }

  @Test
  void serverThatWantsCertificatesOfItsClientsIsShownOne() throws Exception {
    Files.writeString(scratch.resolve("names"), "subjectAltName=IP:127.0.0.1\n");
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca");
    sign("server");
    sign("client");
    Path both = scratch.resolve("both.pem");
    Files.writeString(
        both,
        Files.readString(scratch.resolve("client.pem"))
            + Files.readString(scratch.resolve("client.key")));
    String authority = scratch.resolve("ca.pem").toString();
    try (RcloneServer server =
        RcloneServer.start(
            Files.createDirectory(scratch.resolve("served")).toString(),
            "--cert=" + scratch.resolve("server.pem"),
            "--key=" + scratch.resolve("server.key"),
            "--client-ca=" + authority)) {
      Run run =
          Run.on(scratch, Path.of("unused")).set("RESTIC_REPOSITORY", "rest:" + server.address());
      assertThat(run.holdfast("init", "--tls-client-cert", both.toString()).with(1).err())
          .contains("is not trusted", "--cacert");
      assertThat(run.holdfast("init", "--cacert", authority).with(1).err())
          .contains("name one with --tls-client-cert");
      run.holdfast("init", "--cacert", authority, "--tls-client-cert", both.toString()).done();
      run.set("RESTIC_CACERT", authority)
          .set("RESTIC_TLS_CLIENT_CERT", both.toString())
          .holdfast("snapshots")
          .done();
    }
  }
}
