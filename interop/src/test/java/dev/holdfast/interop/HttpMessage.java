package dev.holdfast.interop;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A request or an answer of HTTP/1.1, read whole, so that a proxy can look at it and change it.
final class HttpMessage {
  private static final int MAX_HEAD_BYTES = 1 << 16;

  private final String start;
  private final List<String> headers;
  private final byte[] body;

  HttpMessage(String start, List<String> headers, byte[] body) {
    this.start = start;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  /// The next message, or empty if the other side has closed the connection.
  ///
  /// @param answersHead whether it is the answer to a HEAD request, which has no body
  static Optional<HttpMessage> read(InputStream in, boolean answersHead) throws IOException {
    String start = line(in);
    if (start == null) {
      return Optional.empty();
    }
    List<String> headers = new ArrayList<>();
    for (String header = line(in); !"".equals(header); header = line(in)) {
      if (header == null) {
        throw new EOFException("the head ends early");
      }
      headers.add(header);
    }
    HttpMessage head = new HttpMessage(start, headers, new byte[0]);
    if (start.startsWith("HTTP/1.1 1")) {
      return read(in, answersHead); // "continue" is not for us
    }
    return Optional.of(answersHead ? head : head.with(body(head, in)));
  }

  private static byte[] body(HttpMessage head, InputStream in) throws IOException {
    if (head.header("Transfer-Encoding").filter(its -> its.equals("chunked")).isPresent()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int length = chunk(in); length > 0; length = chunk(in)) {
        all.write(in.readNBytes(length));
        line(in);
      }
      line(in);
      return all.toByteArray();
    }
    if (head.endsConnection() && head.header("Content-Length").isEmpty()) {
      return in.readAllBytes();
    }
    int length = head.header("Content-Length").map(Integer::parseInt).orElse(0);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ends early");
    }
    return bytes;
  }

  private static int chunk(InputStream in) throws IOException {
    String length = line(in);
    return length == null ? 0 : Integer.parseInt(length.strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toString();
      }
      if (b != '\r') {
        line.append((char) b);
      }
      if (line.length() > MAX_HEAD_BYTES) {
        throw new IOException("a line of the head is too long");
      }
    }
    return null;
  }

  /// An answer of our own.
  static HttpMessage answer(String status, String body, String... headers) {
    return new HttpMessage(
        "HTTP/1.1 " + status, List.of(headers), body.getBytes(StandardCharsets.UTF_8));
  }

  /// An error as S3 words it.
  static HttpMessage error(String status, String code, String... headers) {
    return answer(
        status,
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>injected</Message></Error>"
            .formatted(code),
        headers);
  }

  String method() {
    return start.substring(0, start.indexOf(' '));
  }

  /// Path and query of a request.
  String target() {
    return start.substring(start.indexOf(' ') + 1, start.lastIndexOf(' '));
  }

  /// The status of an answer.
  int status() {
    return Integer.parseInt(start.substring(9, 12));
  }

  Optional<String> header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return headers.stream()
        .filter(each -> each.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(each -> each.substring(prefix.length()).strip())
        .findFirst();
  }

  /// Whether nothing comes after it.
  boolean endsConnection() {
    return header("Connection").filter(its -> its.equalsIgnoreCase("close")).isPresent();
  }

  byte[] body() {
    return body;
  }

  HttpMessage with(byte[] other) {
    return new HttpMessage(start, headers, other);
  }

  HttpMessage withHeader(String header) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    return new HttpMessage(start, more, body);
  }

  /// One bit of the body turned, if it has one.
  HttpMessage withWrongByte() {
    if (body.length == 0) {
      return this;
    }
    byte[] wrong = body.clone();
    wrong[wrong.length / 2] ^= 1;
    return with(wrong);
  }

  /// Sends it, or the first `bodyBytes` of its body.
  void write(OutputStream out, boolean answersHead, int bodyBytes) throws IOException {
    StringBuilder head = new StringBuilder(start).append("\r\n");
    for (String header : headers) {
      String name = header.toLowerCase(Locale.ROOT);
      boolean length = name.startsWith("content-length:") && !answersHead;
      if (!length && !name.startsWith("transfer-encoding:") && !name.startsWith("expect:")) {
        head.append(header).append("\r\n");
      }
    }
    if (!answersHead && (body.length > 0 || start.startsWith("HTTP") || !method().equals("GET"))) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!answersHead) {
      out.write(body, 0, Math.min(bodyBytes, body.length));
    }
    out.flush();
  }
}
