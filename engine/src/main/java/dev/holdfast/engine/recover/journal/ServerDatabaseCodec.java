package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A database of a server as the plan in a journal has it.
final class ServerDatabaseCodec {
  private ServerDatabaseCodec() {}

  static Map<String, Object> encode(ServerDatabase database) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("action", word(database.action()));
    out.put("way", word(database.way()));
    out.put("server", encode(database.server()));
    database.from().ifPresent(from -> out.put("from", from));
    out.put("path", database.path());
    out.put("live", database.live());
    out.put("staged", database.staged());
    out.put("safety", database.safety());
    out.put("live_oid", database.liveOid());
    out.put("bytes", database.bytes());
    database.mask().ifPresent(mask -> out.put("mask", mask));
    return out;
  }

  private static Map<String, Object> encode(ServerDatabase.Server server) {
    Map<String, Object> out = new LinkedHashMap<>();
    server.source().ifPresent(source -> out.put("source", source));
    out.put("keywords", server.keywords());
    out.put("name", server.name());
    out.put("identity", server.identity());
    return out;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static ServerDatabase decode(JsonFields in) {
    return new ServerDatabase(
        Replacement.Action.valueOf(in.text("action").toUpperCase(Locale.ROOT)),
        ServerDatabase.Way.valueOf(in.text("way").toUpperCase(Locale.ROOT)),
        server(in.object("server")),
        in.optional("from"),
        in.text("path"),
        in.text("live"),
        in.text("staged"),
        in.text("safety"),
        in.number("live_oid"),
        in.number("bytes"),
        in.optional("mask"));
  }

  private static ServerDatabase.Server server(JsonFields in) {
    return new ServerDatabase.Server(
        in.optional("source"), in.textMap("keywords"), in.text("name"), in.text("identity"));
  }
}
