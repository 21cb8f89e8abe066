package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Credentials from everywhere but the variables that hold them: the program itself, in the
/// environment in which it would find them, with stand-ins for the services of the cloud.
@Tag("slow")
class S3CredentialsTest {
  private static final String BUCKET = "bucket";

  /// Far more than the seconds that it takes, far less than anybody's patience.
  private static final Duration QUICKLY = Duration.ofSeconds(60);

  private static S3Server server;

  @TempDir Path temporary;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private Path home = Path.of("");
  private HttpServer cloud;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.ignoringUnknownHeaders();
    try (ObjectStore store = server.store(BUCKET, "")) {
      store.create();
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void openCloud() throws Exception {
    home = temporary.toRealPath();
    cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloud.createContext("/", this::answer);
    cloud.start();
  }

  @AfterEach
  void closeCloud() {
    cloud.stop(0);
  }

  /// The services: of a container, which wants its token; of a machine; and the one that gives
  /// credentials for a web identity.
  private void answer(HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(call.getRequestMethod() + " " + path);
    String until = Instant.now().plus(Duration.ofHours(1)).toString();
    String json =
        """
        {"Code": "Success", "AccessKeyId": "%s", "SecretAccessKey": "%s", "Token": "session",
         "Expiration": "%s", "LastUpdated": "2026-01-01T00:00:00Z", "Type": "AWS-HMAC"}
        """
            .formatted(S3Server.ID, S3Server.SECRET, until);
    if (path.equals("/container")) {
      boolean knows = "the-token".equals(call.getRequestHeaders().getFirst("Authorization"));
      reply(call, knows ? 200 : 401, knows ? json : "{}");
    } else if (path.equals("/latest/api/token")) {
      reply(call, 200, "a-token");
    } else if (path.matches("/latest/meta-data/iam/security-credentials(-extended)?/")) {
      reply(call, path.contains("extended") ? 404 : 200, "a-role");
    } else if (path.equals("/latest/meta-data/iam/security-credentials/a-role")) {
      reply(call, 200, json);
    } else if (path.equals("/") && body.contains("WebIdentityToken=an-identity")) {
      reply(
          call,
          200,
          """
          <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>%s</AccessKeyId>
          <SecretAccessKey>%s</SecretAccessKey><SessionToken>session</SessionToken>
          <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
          </AssumeRoleWithWebIdentityResponse>
          """
              .formatted(S3Server.ID, S3Server.SECRET, until));
    } else {
      reply(call, 404, "");
    }
  }

  private static void reply(HttpExchange call, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }

  private String cloud() {
    return "http://127.0.0.1:" + cloud.getAddress().getPort();
  }

  /// `init` below a prefix of its own.
  private Command init(String prefix) {
    return HoldfastProgram.launcher()
        .with("-r", server.address(BUCKET + "/" + prefix), "--no-cache", "init")
        .withEnvironment("RESTIC_PASSWORD", "correct horse")
        .withEnvironment("HOME", home.toString());
  }

  private static void assertMade(String prefix) {
    try (ObjectStore store = server.store(BUCKET, prefix)) {
      assertThat(store.exists(ObjectKey.CONFIG)).isTrue();
    }
  }

  @Test
  void theProfileThatIsNamedIsTakenFromTheSharedFiles() throws Exception {
    Path folder = Files.createDirectories(home.resolve(".aws"));
    Files.writeString(
        folder.resolve("credentials"),
        """
        [default]
        aws_access_key_id = of-nobody
        aws_secret_access_key = of-nobody
        [backup]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        """
            .formatted(S3Server.ID, S3Server.SECRET));
    init("profile").withEnvironment("AWS_PROFILE", "backup").run().succeeded();
    assertMade("profile");

    CommandResult other = init("default").run();
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.errors()).contains("refuses the credentials");
  }

  @Test
  void aContainerGivesThemToWhoHasItsToken() {
    init("container")
        .withEnvironment("AWS_CONTAINER_CREDENTIALS_FULL_URI", cloud() + "/container")
        .withEnvironment("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token")
        .run()
        .succeeded();
    assertMade("container");
    assertThat(asked).contains("GET /container");
  }

  @Test
  void aWebIdentityIsExchangedForThem() throws Exception {
    Path token = Files.writeString(home.resolve("token"), "an-identity");
    init("identity")
        .withEnvironment("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString())
        .withEnvironment("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/backup")
        .withEnvironment("AWS_REGION", "eu-central-1") // as where such identities are given out
        .withEnvironment("AWS_ENDPOINT_URL_STS", cloud())
        .run()
        .succeeded();
    assertMade("identity");
    assertThat(asked).contains("POST /");
  }

  @Test
  void theMachineInTheCloudIsAskedLast() {
    init("machine").withEnvironment("AWS_EC2_METADATA_SERVICE_ENDPOINT", cloud()).run().succeeded();
    assertMade("machine");
    assertThat(asked).contains("PUT /latest/api/token");
  }

  @Test
  void whereThereAreNoneThatIsSaidSoonAndNobodyIsAskedWhoMustNotBe() throws Exception {
    CommandResult disabled =
        init("none")
            .withEnvironment("AWS_EC2_METADATA_SERVICE_ENDPOINT", cloud())
            .withEnvironment("AWS_EC2_METADATA_DISABLED", "true")
            .run();
    assertThat(disabled.exitCode()).isEqualTo(1);
    assertThat(disabled.errors()).contains("no credentials for the S3 server", "were found");
    assertThat(asked).isEmpty();

    // As outside of a cloud: nobody ever answers there.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      long begin = System.nanoTime();
      CommandResult nobody =
          init("none")
              .withEnvironment(
                  "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:" + silent.getLocalPort())
              .run();
      assertThat(nobody.errors()).contains("no credentials for the S3 server", "were found");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(QUICKLY);
    }
  }
}
