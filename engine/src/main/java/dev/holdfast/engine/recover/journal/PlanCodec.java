package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.repository.error.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A plan as the first record of its journal has it.
final class PlanCodec {
  private PlanCodec() {}

  static Map<String, Object> encode(Plan plan) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", plan.id());
    out.put("made", plan.made().toString());
    out.put("subject", plan.subject());
    plan.app().ifPresent(app -> out.put("app", app));
    plan.configuration().ifPresent(file -> out.put("configuration", file));
    plan.origin().ifPresent(origin -> out.put("origin", encode(origin)));
    plan.undoes().ifPresent(undone -> out.put("undoes", undone));
    out.put("restore_point", plan.restorePoint());
    out.put("replacements", plan.replacements().stream().map(PlanCodec::encode).toList());
    if (!plan.databases().isEmpty()) {
      out.put("databases", plan.databases().stream().map(ServerDatabaseCodec::encode).toList());
    }
    out.put("service", ServiceCodec.encode(plan.service()));
    return out;
  }

  private static Map<String, Object> encode(Plan.Origin origin) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("snapshot", origin.snapshot());
    out.put("time", origin.time().toString());
    out.put("hostname", origin.hostname());
    out.put("tags", origin.tags());
    out.put("repository", origin.repository());
    out.put("location", origin.location());
    return out;
  }

  private static Map<String, Object> encode(Replacement replacement) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("kind", word(replacement.kind()));
    out.put("action", word(replacement.action()));
    replacement.engine().ifPresent(engine -> out.put("engine", engine));
    out.put("from", replacement.from());
    out.put("live", replacement.live());
    out.put("stage_folder", replacement.stageFolder());
    out.put("staged", replacement.staged());
    out.put("safety", replacement.safety());
    out.put("suffixes", replacement.suffixes());
    out.put("live_inode", replacement.liveInode());
    out.put("bytes", replacement.bytes());
    out.put("new_folders", replacement.newFolders());
    if (replacement.fromExport()) {
      out.put("form", "export");
    }
    replacement.mask().ifPresent(mask -> out.put("mask", mask));
    return out;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static Plan decode(JsonFields in) {
    try {
      return new Plan(
          in.text("id"),
          Instant.parse(in.text("made")),
          in.text("subject"),
          in.optional("app"),
          in.optional("configuration"),
          in.optionalObject("origin").map(PlanCodec::origin),
          in.optional("undoes"),
          in.objects("replacements").stream().map(PlanCodec::replacement).toList(),
          in.optionalObjects("databases").stream().map(ServerDatabaseCodec::decode).toList(),
          ServiceCodec.decode(in.object("service")),
          in.truth("restore_point"));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new HoldfastException.Corrupt(
          "the plan in the journal is damaged: " + e.getMessage(), "", e);
    }
  }

  private static Plan.Origin origin(JsonFields in) {
    return new Plan.Origin(
        in.text("repository"),
        in.text("location"),
        in.text("snapshot"),
        Instant.parse(in.text("time")),
        in.text("hostname"),
        in.texts("tags"));
  }

  private static Replacement replacement(JsonFields in) {
    return new Replacement(
        Replacement.Kind.valueOf(in.text("kind").toUpperCase(Locale.ROOT)),
        Replacement.Action.valueOf(in.text("action").toUpperCase(Locale.ROOT)),
        in.optional("engine"),
        in.text("from"),
        in.text("live"),
        in.text("stage_folder"),
        in.text("staged"),
        in.text("safety"),
        in.texts("suffixes"),
        in.number("live_inode"),
        in.number("bytes"),
        in.texts("new_folders"),
        in.optional("form").filter("export"::equals).isPresent(),
        in.optional("mask"));
  }
}
