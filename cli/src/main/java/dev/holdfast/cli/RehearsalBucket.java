package dev.holdfast.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// As much of an S3 server as the training run of the build needs, in memory, so that the classes
/// which speak to one are in the ahead-of-time cache. Believes everybody.
final class RehearsalBucket implements AutoCloseable {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

  RehearsalBucket() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "s3:http://127.0.0.1:" + server.getAddress().getPort() + "/bucket";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String name = exchange.getRequestURI().getPath();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(name, body);
          exchange.getResponseHeaders().set("ETag", '"' + md5(body) + '"');
          send(exchange, OK, new byte[0]);
        }
        case "DELETE" -> {
          objects.remove(name);
          send(exchange, NO_CONTENT, new byte[0]);
        }
        case "GET" -> get(exchange, name);
        default -> head(exchange, name);
      }
    }
  }

  private void head(HttpExchange exchange, String name) throws IOException {
    byte[] object = objects.get(name);
    if (object != null) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(object.length));
    }
    boolean bucket = name.chars().filter(c -> c == '/').count() < 2;
    exchange.sendResponseHeaders(object != null || bucket ? OK : NOT_FOUND, -1);
  }

  private void get(HttpExchange exchange, String name) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    if (query != null && query.contains("list-type")) {
      send(exchange, OK, listing(query).getBytes(StandardCharsets.UTF_8));
      return;
    }
    byte[] object = objects.get(name);
    if (object == null) {
      String error = "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>";
      send(exchange, NOT_FOUND, error.getBytes(StandardCharsets.UTF_8));
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      send(exchange, OK, object);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int to = Math.min(Integer.parseInt(ends[1]) + 1, object.length);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, object.length));
    send(exchange, PARTIAL, Arrays.copyOfRange(object, from, to));
  }

  private String listing(String query) {
    String prefix = query.replaceAll(".*prefix=([^&]*).*", "$1");
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    objects.forEach((name, bytes) -> {
      String key = name.substring("/bucket/".length());
      if (key.startsWith(prefix)) {
        xml.append(
            "<Contents><Key>%s</Key><Size>%d</Size></Contents>".formatted(key, bytes.length));
      }
    });
    return xml.append("</ListBucketResult>").toString();
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
