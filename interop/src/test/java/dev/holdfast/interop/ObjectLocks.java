package dev.holdfast.interop;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Object Lock as S3 does it, which no server of the tests knows: keeps what requests say of
/// protection, and refuses to delete what is protected.
final class ObjectLocks {
  final Map<String, String> until = new ConcurrentHashMap<>();
  private final Map<String, Integer> lengths = new ConcurrentHashMap<>();
  final AtomicInteger extended = new AtomicInteger();

  /// What the last request for protection asked for.
  volatile String asked = "";

  volatile String mode = "GOVERNANCE";
  volatile boolean bypassed;

  Optional<HttpMessage> answer(HttpMessage request) {
    String name = request.target().replaceAll("\\?.*", "");
    switch (request.method()) {
      case "PUT" -> {
        if (request.target().contains("retention")) {
          String body = new String(request.body(), StandardCharsets.UTF_8);
          asked = body.replaceAll("(?s).*<Mode>(.*)</Mode>.*", "$1");
          bypassed = request.header("x-amz-bypass-governance-retention").isPresent();
          until.put(name, body.replaceAll("(?s).*<RetainUntilDate>(.*)</Retain.*", "$1"));
          extended.incrementAndGet();
          return Optional.of(HttpMessage.answer("200 OK", ""));
        }
        lengths.put(name, request.body().length);
        request
            .header("x-amz-object-lock-retain-until-date")
            .ifPresent(date -> until.put(name, date));
      }
      case "HEAD" -> {
        if (until.containsKey(name)) {
          return Optional.of(
              HttpMessage.answer(
                  "200 OK",
                  "",
                  "Content-Length: " + lengths.getOrDefault(name, 0),
                  "x-amz-object-lock-mode: " + mode,
                  "x-amz-object-lock-retain-until-date: " + until.get(name)));
        }
      }
      case "GET" -> {
        if (request.target().endsWith("?retention")) {
          return Optional.of(HttpMessage.error("404 Not Found", "NoSuchObjectLockConfiguration"));
        }
      }
      case "DELETE" -> {
        if (until.containsKey(name)) {
          return Optional.of(HttpMessage.error("403 Forbidden", "AccessDenied"));
        }
      }
      default -> {}
    }
    return Optional.empty();
  }
}
