package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.AfterAction.Redis;
import dev.holdfast.engine.config.recovery.AfterAction.RedisServer;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.FlushMode;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/// Deletes keys of one Redis server: those with a prefix, found with `SCAN` and freed with
/// `UNLINK`, neither of which keeps other clients waiting; or, if that was asked for in so many
/// words, all of one database. A cluster is refused: one of its servers knows of its own keys
/// alone.
final class RedisKeys {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  /// Keys that the server looks at for one answer.
  private static final int BATCH = 1000;

  /// The middle of the name of a key that is not there.
  private static final String NO_KEY = "holdfast:no-such-key:";

  private final Redis wish;
  private final RedisServer server;
  private final Outside.SecretReader secrets;

  RedisKeys(Redis wish, Outside.SecretReader secrets) {
    this.wish = wish;
    this.server = wish.server();
    this.secrets = secrets;
  }

  /// What is done on a connection.
  private interface Work {
    void run(Jedis redis);
  }

  /// Makes sure that it can be done, with a key that is not there: a replica, a server that takes
  /// no writes, or one that lets this user find or delete nothing would say so only when the new
  /// state is in place. Whether everything may be deleted cannot be tried.
  ///
  /// @throws HoldfastException.Rejected if it cannot
  void check() {
    connected(redis -> {
      for (String prefix : wish.prefixes()) {
        redis.scan(ScanParams.SCAN_POINTER_START_BINARY, beginningWith(prefix).count(1));
        redis.unlink(prefix + NO_KEY + UUID.randomUUID());
      }
    });
  }

  /// Deletes them.
  ///
  /// @throws HoldfastException.Rejected if that fails or takes too long
  void delete() {
    long deadline = System.nanoTime() + wish.limit().toNanos();
    connected(redis -> {
      if (wish.prefixes().isEmpty()) {
        redis.flushDB(FlushMode.ASYNC);
      }
      for (String prefix : wish.prefixes()) {
        delete(redis, prefix, deadline);
      }
    });
  }

  private void delete(Jedis redis, String prefix, long deadline) {
    ScanParams params = beginningWith(prefix).count(BATCH);
    byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
    do {
      if (System.nanoTime() - deadline > 0) {
        throw new HoldfastException.Rejected(
            "the keys in Redis were not deleted within " + wish.limit().toSeconds() + " s",
            "give the action a longer time-limit");
      }
      ScanResult<byte[]> found = redis.scan(cursor, params);
      List<byte[]> keys = found.getResult();
      if (!keys.isEmpty()) {
        redis.unlink(keys.toArray(byte[][]::new));
      }
      cursor = found.getCursorAsBytes();
    } while (!isStart(cursor));
  }

  private static ScanParams beginningWith(String prefix) {
    return new ScanParams().match((escaped(prefix) + "*").getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isStart(byte[] cursor) {
    return cursor.length == 1 && cursor[0] == '0';
  }

  /// The prefix with everything quoted that a pattern of Redis understands.
  static String escaped(String prefix) {
    return prefix.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0");
  }

  private void connected(Work work) {
    try (Jedis redis = new Jedis(this::connect, config())) {
      redis.ping();
      refuseCluster(redis);
      work.run(redis);
    } catch (JedisException e) {
      throw new HoldfastException.Rejected(
          "the Redis at %s cannot be used: %s".formatted(server.place(), reason(e)),
          "see that it runs, and that host, user, password and TLS are right");
    }
  }

  private static String reason(JedisException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /// `HELLO` is open to every user, unlike `INFO`; servers before version 6 do not know it.
  private void refuseCluster(Jedis redis) {
    List<?> hello;
    try {
      hello = redis.sendCommand(Protocol.Command.HELLO) instanceof List<?> list ? list : List.of();
    } catch (JedisException e) {
      hello = List.of();
    }
    boolean cluster =
        hello.stream()
            .anyMatch(it ->
                it instanceof byte[] bytes
                    && new String(bytes, StandardCharsets.US_ASCII).equals("cluster"));
    if (cluster) {
      throw new HoldfastException.Rejected(
          "the Redis at %s is a cluster, of which one server knows its own keys alone"
              .formatted(server.place()),
          "delete the keys with a command under 'after'");
    }
  }

  private DefaultJedisClientConfig config() {
    int millis = Math.toIntExact(ANSWER_LIMIT.toMillis());
    DefaultJedisClientConfig.Builder builder =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(millis)
            .socketTimeoutMillis(millis)
            .database(server.database());
    server.user().ifPresent(builder::user);
    server
        .password()
        .ifPresent(secret ->
            builder.password(
                new String(
                    secrets.read("the password of the Redis at " + server.place(), secret),
                    StandardCharsets.UTF_8)));
    return builder.build();
  }

  private Socket connect() {
    int millis = Math.toIntExact(ANSWER_LIMIT.toMillis());
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(server.host(), server.port()), millis);
      plain.setSoTimeout(millis);
      return server.tls() ? encrypted(plain) : plain;
    } catch (IOException e) {
      close(plain);
      throw new JedisConnectionException(e);
    }
  }

  private Socket encrypted(Socket plain) throws IOException {
    SSLSocketFactory factory =
        server.certificates().isPresent()
            ? trusting(server.certificates().get()).getSocketFactory()
            : (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, server.host(), server.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // or any certificate would do
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was never of use.
    }
  }

  private static SSLContext trusting(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new HoldfastException.Rejected(
          "the authorities in %s cannot be used: %s".formatted(file, e.getMessage()),
          "'tls-ca-file' is a file of certificates in PEM");
    }
  }
}
