package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.JsonSchema;
import dev.holdfast.engine.config.shape.Shape;
import dev.holdfast.engine.config.shape.Shape.Choice;
import dev.holdfast.engine.config.shape.Shape.Format;
import dev.holdfast.engine.config.shape.Shape.ListOf;
import dev.holdfast.engine.config.shape.Shape.Named;
import dev.holdfast.engine.config.shape.Shape.Needs;
import dev.holdfast.engine.config.shape.Shape.OneOf;
import dev.holdfast.engine.config.shape.Shape.Rule;
import dev.holdfast.engine.config.shape.Shape.Struct;
import dev.holdfast.engine.config.shape.Shape.Text;
import dev.holdfast.engine.config.shape.Shape.Whole;
import dev.holdfast.engine.config.shape.Shape.YesNo;
import java.util.ArrayList;
import java.util.List;

/// All keys of `holdfast.yaml` and what their values may be. A new key is a line here and one where
/// [ModelReader] reads it; the schema, the variables and "did you mean" follow.
public final class ConfigurationShape {
  static final int MAX_REPOSITORIES = 100;
  static final int MAX_APPS = 1000;
  static final int MAX_SOURCES = 1000;
  private static final int MAX_LIST_ITEMS = 1000;
  private static final int MAX_HOOKS = 20;

  static final Format PATH = new Format("a path", "^[^\\u0000]+$", "not empty");
  static final Format VARIABLE =
      new Format(
          "the name of an environment variable",
          "^[A-Za-z_][A-Za-z0-9_]*$",
          "letters, digits and '_', such as DATABASE_PASSWORD");
  static final Format DURATION =
      new Format(
          "a duration",
          "^(?=[0-9])([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$",
          "such as 30s, 5m or 1h30m");
  static final Format TAG = new Format("a tag", "^[^\\u0000,\\r\\n]+$", "one line without commas");

  private static final Text LINE = new Text(Format.LINE);

  private static final Rule ONE_PASSWORD =
      new OneOf(List.of("password-file", "password-command", "password-env"), false);

  /// The whole file. Made of the constants above it.
  public static final Struct ROOT =
      new Struct(
          "the file",
          List.of(
              key(
                  "repositories",
                  new Named("repository", repository(), MAX_REPOSITORIES),
                  "Where backups go, by names of your choice."),
              key(
                  "apps",
                  new Named("app", app(), MAX_APPS),
                  "What is backed up together, by names of your choice.")),
          List.of());

  private ConfigurationShape() {}

  /// The published JSON Schema.
  public static String jsonSchema() {
    return JsonSchema.of("holdfast.yaml", "https://holdfast.dev/schema/holdfast.schema.json", ROOT);
  }

  static Shape.Key key(String name, Shape shape, String description) {
    return new Shape.Key(name, shape, false, description);
  }

  static Shape.Key required(String name, Shape shape, String description) {
    return new Shape.Key(name, shape, true, description);
  }

  private static Struct repository() {
    List<Shape.Key> keys = new ArrayList<>();
    keys.add(
        required(
            "location",
            LINE,
            "A folder, as --repo takes it; a relative one is relative to this file."));
    keys.addAll(password("the repository"));
    keys.add(
        key(
            "compression",
            Choice.of("auto", "off", "fastest", "better", "max"),
            "How hard to compress; auto if left out."));
    keys.add(
        key("pack-size", new Whole(4, 128), "Target size of pack files in MiB; 16 if left out."));
    keys.add(
        key(
            "keep",
            KeepShape.policy(),
            "What 'forget APP' keeps here of the snapshots of apps that do not say it themselves."));
    return new Struct("repository", keys, List.of(ONE_PASSWORD));
  }

  static List<Shape.Key> password(String owner) {
    return List.of(
        key("password-file", new Text(PATH), "A file that holds the password of " + owner + "."),
        key("password-command", command(), "A command that prints the password of " + owner + "."),
        key(
            "password-env",
            new Text(VARIABLE),
            "The environment variable that holds the password of " + owner + "."));
  }

  /// A text is for the shell, a list is run as it is.
  static ListOf command() {
    return new ListOf(new Text(Format.ANY), true, MAX_LIST_ITEMS);
  }

  private static ListOf list(Shape item) {
    return new ListOf(item, false, MAX_LIST_ITEMS);
  }

  private static Struct app() {
    List<Shape.Key> keys =
        new ArrayList<>(
            List.of(
                key(
                    "repository",
                    LINE,
                    "The repository to back up to; may be left out if there is only one."),
                key(
                    "root",
                    new Text(PATH),
                    "The folder that the app keeps its data in; a relative one is relative to this file."),
                required(
                    "sources",
                    new Named("source", source(), MAX_SOURCES),
                    "What belongs to the app, by names of your choice."),
                key(
                    "excludes",
                    list(LINE),
                    "Patterns of what is left out, as --exclude takes them."),
                key("tags", list(new Text(TAG)), "Tags of every snapshot of the app."),
                key(
                    "on-error",
                    Choice.of("fail", "partial"),
                    "If a source fails: store nothing (fail, if left out), or the rest, marked as partial."),
                key("duckdb", duckDb(), "How DuckDB databases are treated."),
                key("hooks", hooks(), "Commands that run around the backup."),
                key("recover", RecoveryShape.recovery(), "How the app is recovered.")));
    keys.addAll(ProofShape.keys());
    keys.addAll(KeepShape.keys());
    return new Struct("app", keys, List.of());
  }

  private static Struct source() {
    return new Struct(
        "source",
        List.of(
            key(
                "path",
                new Text(PATH),
                "A file, folder or pattern such as tenants/{tenant}/app.db, absolute or relative to the app's root."),
            key(
                "excludes",
                list(LINE),
                "Patterns of what is left out of this source, as --exclude takes them."),
            key(
                "required",
                new YesNo(),
                "Whether it is a failure if nothing matches; if left out, it is one, or with wildcards a warning."),
            key("postgres", postgres(), "Databases of a PostgreSQL server.")),
        List.of(
            new OneOf(List.of("path", "postgres"), true),
            new Needs("excludes", "path"),
            new Needs("required", "path")));
  }

  private static Struct postgres() {
    List<Shape.Key> keys = new ArrayList<>();
    keys.add(
        key("url", LINE, "A connection URL, postgres://user@host/database, without a password."));
    keys.add(
        key(
            "url-env",
            new Text(VARIABLE),
            "The environment variable that holds a connection URL, password allowed."));
    keys.add(
        key(
            "settings",
            LibpqKeywords.SHAPE,
            "Connection settings by libpq's keywords; they win over the URL."));
    keys.addAll(password("the user"));
    keys.add(
        key(
            "databases",
            new ListOf(new Text(Format.ANY), true, MAX_LIST_ITEMS),
            "all, or a list of names; if left out, the database of the connection."));
    keys.add(
        key(
            "globals",
            new YesNo(),
            "Whether roles and tablespaces are stored too; if left out, true with 'databases: all'."));
    return new Struct(
        "postgres", keys, List.of(new OneOf(List.of("url", "url-env"), false), ONE_PASSWORD));
  }

  private static Struct duckDb() {
    return new Struct(
        "duckdb",
        List.of(
            key(
                "newer",
                Choice.of("refuse", "unverified"),
                "A file newer than Holdfast's driver: refuse it (if left out), or store it unverified.")),
        List.of());
  }

  private static Struct hooks() {
    Struct hook =
        new Struct(
            "hook",
            List.of(
                required(
                    "run",
                    command(),
                    "A text for /bin/sh, or a list of a program and its arguments."),
                key(
                    "time-limit",
                    new Text(DURATION),
                    "After which it is ended and counts as failed; 5m if left out.")),
            List.of());
    ListOf list = new ListOf(hook, false, MAX_HOOKS);
    return new Struct(
        "hooks",
        List.of(
            key("before", list, "Run before the backup; if one fails there is no backup."),
            key("after", list, "Run when a snapshot is stored."),
            key("on-error", list, "Run when anything failed.")),
        List.of());
  }
}
