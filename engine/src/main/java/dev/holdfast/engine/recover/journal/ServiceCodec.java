package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.recover.service.ServiceSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The services of a plan, what adapts its data and what is asked, as a journal has them. Of
/// secrets it has where they are.
final class ServiceCodec {
  private ServiceCodec() {}

  static Map<String, Object> encode(ServiceSettings settings) {
    return Map.of(
        "services",
        settings.services().stream().map(ServiceCodec::encode).toList(),
        "after",
        settings.after().stream().map(ServiceCodec::encode).toList(),
        "health",
        settings.health().stream().map(ServiceCodec::encode).toList());
  }

  static ServiceSettings decode(JsonFields in) {
    return new ServiceSettings(
        in.objects("services").stream().map(ServiceCodec::service).toList(),
        in.objects("after").stream().map(ServiceCodec::action).toList(),
        in.objects("health").stream().map(ServiceCodec::check).toList());
  }

  private static Map<String, Object> encode(Service service) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (service) {
      case Service.Systemd systemd -> out.put("systemd", systemd.unit());
      case Service.Container container -> out.put("docker", container.name());
      case Service.Compose compose -> {
        Map<String, Object> inner = new LinkedHashMap<>();
        compose.project().ifPresent(it -> inner.put("project", it));
        compose.file().ifPresent(it -> inner.put("file", it));
        inner.put("services", compose.services());
        out.put("compose", inner);
      }
      case Service.Commands commands -> {
        out.put("stop", commands.stop());
        out.put("start", commands.start());
        out.put("status", commands.status());
      }
      case Service.Maintenance maintenance -> {
        out.put("on", HttpCallCodec.encode(maintenance.on()));
        out.put("off", HttpCallCodec.encode(maintenance.off()));
        maintenance.isOn().ifPresent(it -> out.put("is_on", HttpCallCodec.encode(it)));
      }
    }
    service.limits().givenStop().ifPresent(it -> out.put("stop_millis", it.toMillis()));
    service.limits().givenStart().ifPresent(it -> out.put("start_millis", it.toMillis()));
    return out;
  }

  private static Service service(JsonFields in) {
    Limits limits = new Limits(millis(in, "stop_millis"), millis(in, "start_millis"));
    if (in.has("systemd")) {
      return new Service.Systemd(in.text("systemd"), limits);
    }
    if (in.has("docker")) {
      return new Service.Container(in.text("docker"), limits);
    }
    if (in.has("compose")) {
      JsonFields compose = in.object("compose");
      return new Service.Compose(
          compose.optional("project"), compose.optional("file"), compose.texts("services"), limits);
    }
    if (in.has("on")) {
      return new Service.Maintenance(
          HttpCallCodec.decode(in.object("on")),
          HttpCallCodec.decode(in.object("off")),
          in.optionalObject("is_on").map(HttpCallCodec::decode),
          limits);
    }
    return new Service.Commands(in.texts("stop"), in.texts("start"), in.texts("status"), limits);
  }

  private static Optional<Duration> millis(JsonFields in, String name) {
    return in.has(name) ? Optional.of(Duration.ofMillis(in.number(name))) : Optional.empty();
  }

  private static Map<String, Object> encode(AfterAction action) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (action) {
      case AfterAction.Command command -> out.put("command", command.words());
      case AfterAction.Redis redis -> {
        out.put("redis", encode(redis.server()));
        out.put("prefixes", redis.prefixes());
      }
    }
    out.put("limit_millis", action.limit().toMillis());
    return out;
  }

  private static Map<String, Object> encode(AfterAction.RedisServer server) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("host", server.host());
    out.put("port", server.port());
    out.put("database", server.database());
    server.user().ifPresent(it -> out.put("user", it));
    server.password().ifPresent(it -> out.put("password", HttpCallCodec.encode(it)));
    out.put("tls", server.tls());
    server.certificates().ifPresent(it -> out.put("certificates", it));
    return out;
  }

  private static AfterAction action(JsonFields in) {
    Duration limit = Duration.ofMillis(in.number("limit_millis"));
    if (in.has("command")) {
      return new AfterAction.Command(in.texts("command"), limit);
    }
    JsonFields server = in.object("redis");
    return new AfterAction.Redis(
        new AfterAction.RedisServer(
            server.text("host"),
            Math.toIntExact(server.number("port")),
            Math.toIntExact(server.number("database")),
            server.optional("user"),
            server.optionalObject("password").map(HttpCallCodec::secret),
            server.truth("tls"),
            server.optional("certificates")),
        in.texts("prefixes"),
        limit);
  }

  private static Map<String, Object> encode(HealthCheck check) {
    Map<String, Object> out = new LinkedHashMap<>();
    switch (check.question()) {
      case HealthCheck.Command command -> out.put("command", command.words());
      case HealthCheck.Http http -> out.put("http", HttpCallCodec.encode(http.call()));
      case HealthCheck.Sql sql -> {
        out.put("query", sql.query());
        out.put("database", sql.database());
        sql.expected().ifPresent(it -> out.put("expected", it));
      }
    }
    out.put("limit_millis", check.limit().toMillis());
    out.put("interval_millis", check.interval().toMillis());
    return out;
  }

  private static HealthCheck check(JsonFields in) {
    HealthCheck.Question question;
    if (in.has("query")) {
      question =
          new HealthCheck.Sql(in.text("database"), in.text("query"), in.optional("expected"));
    } else if (in.has("http")) {
      question = new HealthCheck.Http(HttpCallCodec.decode(in.object("http")));
    } else {
      question = new HealthCheck.Command(in.texts("command"));
    }
    return new HealthCheck(
        question,
        Duration.ofMillis(in.number("limit_millis")),
        Duration.ofMillis(in.number("interval_millis")));
  }
}
