package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.config.Invocation;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.json.JsonFields;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request as a journal has it, and where a secret is.
final class HttpCallCodec {
  private HttpCallCodec() {}

  static Map<String, Object> encode(HttpCall call) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("method", call.method());
    out.put("address", call.address().toString());
    out.put("headers", call.headers().stream().map(HttpCallCodec::encode).toList());
    call.body().ifPresent(it -> out.put("body", it));
    out.put("statuses", call.expect().statuses().stream().map(String::valueOf).toList());
    call.expect().contains().ifPresent(it -> out.put("contains", it));
    return out;
  }

  private static Map<String, Object> encode(HttpCall.Header header) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", header.name());
    out.put("text", header.text());
    header.secret().ifPresent(it -> out.put("secret", encode(it)));
    return out;
  }

  static HttpCall decode(JsonFields in) {
    List<HttpCall.Header> headers =
        in.objects("headers").stream()
            .map(it ->
                new HttpCall.Header(
                    it.text("name"),
                    it.text("text"),
                    it.optionalObject("secret").map(HttpCallCodec::secret)))
            .toList();
    return new HttpCall(
        in.text("method"),
        URI.create(in.text("address")),
        headers,
        in.optional("body"),
        new HttpCall.Expectation(
            in.texts("statuses").stream().map(Integer::valueOf).toList(), in.optional("contains")));
  }

  static Map<String, Object> encode(Secret secret) {
    return switch (secret) {
      case Secret.InFile file -> Map.of("file", file.path());
      case Secret.FromCommand command -> Map.of("command", command.command().words());
      case Secret.InVariable variable -> Map.of("variable", variable.name());
    };
  }

  static Secret secret(JsonFields in) {
    if (in.has("file")) {
      return new Secret.InFile(in.text("file"));
    }
    return in.has("variable")
        ? new Secret.InVariable(in.text("variable"))
        : new Secret.FromCommand(new Invocation.Words(in.texts("command")));
  }
}
