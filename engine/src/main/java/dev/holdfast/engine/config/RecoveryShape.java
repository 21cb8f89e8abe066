package dev.holdfast.engine.config;

import static dev.holdfast.engine.config.ConfigurationShape.DURATION;
import static dev.holdfast.engine.config.ConfigurationShape.PATH;
import static dev.holdfast.engine.config.ConfigurationShape.VARIABLE;
import static dev.holdfast.engine.config.ConfigurationShape.command;
import static dev.holdfast.engine.config.ConfigurationShape.key;
import static dev.holdfast.engine.config.ConfigurationShape.password;
import static dev.holdfast.engine.config.ConfigurationShape.required;

import dev.holdfast.engine.config.shape.Shape;
import dev.holdfast.engine.config.shape.Shape.Choice;
import dev.holdfast.engine.config.shape.Shape.Format;
import dev.holdfast.engine.config.shape.Shape.ListOf;
import dev.holdfast.engine.config.shape.Shape.Named;
import dev.holdfast.engine.config.shape.Shape.Needs;
import dev.holdfast.engine.config.shape.Shape.OneOf;
import dev.holdfast.engine.config.shape.Shape.Struct;
import dev.holdfast.engine.config.shape.Shape.Text;
import dev.holdfast.engine.config.shape.Shape.Whole;
import dev.holdfast.engine.config.shape.Shape.YesNo;
import java.util.ArrayList;
import java.util.List;

/// The keys of an app's `recover` section. [RecoveryReader] reads them.
final class RecoveryShape {
  private static final int MAX_SERVICES = 20;
  private static final int MAX_ACTIONS = 20;
  private static final int MAX_HEADERS = 20;
  private static final int MAX_MASKS = 100;
  private static final int MAX_PREFIXES = 100;
  private static final int MAX_STATUSES = 20;

  private static final Text LINE = new Text(Format.LINE);
  private static final Text ANY = new Text(Format.ANY);

  private static final Format ADDRESS =
      new Format(
          "an address",
          "^https?://[^\\s/?#@]+([/?#]\\S*)?$",
          "such as http://localhost:8080/health, without a user or password");
  private static final Format UNIT =
      new Format("a unit", "^[A-Za-z0-9:_.@\\\\-]+$", "such as shop.service");
  private static final Format CONTAINER =
      new Format(
          "the name of a container",
          "^[A-Za-z0-9][A-Za-z0-9_.-]*$",
          "letters, digits, '_', '.' and '-', the first a letter or digit");
  private static final Format AGE =
      new Format("an age", "^(?=[0-9])([0-9]{1,4}d)?([0-9]{1,5}h)?$", "such as 7d, 12h or 1d12h");

  private RecoveryShape() {}

  static Struct recovery() {
    return new Struct(
        "recover",
        List.of(
            key(
                "service",
                new ListOf(service(), false, MAX_SERVICES),
                "What uses the data: stopped in this order, and started in the opposite one if it ran."),
            key(
                "after",
                new ListOf(action(), false, MAX_ACTIONS),
                "What is done with new data before anything is started; a failure takes all back."),
            key(
                "health",
                new ListOf(check(), false, MAX_ACTIONS),
                "What must be well once everything is started; a failure takes all back."),
            key(
                "masks",
                new Named("mask", new ListOf(new Text(PATH), true, MAX_ACTIONS), MAX_MASKS),
                "Files of SQL, by source, that are run on data of another app before it goes live here."),
            key("safety-copies", safetyCopies(), "How long safety copies are kept.")),
        List.of());
  }

  private static Struct service() {
    return new Struct(
        "service",
        List.of(
            key("systemd", new Text(UNIT), "A unit of systemd."),
            key("docker", new Text(CONTAINER), "A container of Docker."),
            key("compose", compose(), "Services of a project of Docker Compose."),
            key("commands", commands(), "Commands that stop and start the service."),
            key("maintenance", maintenance(), "A maintenance switch that is reached over HTTP."),
            key("stop-limit", new Text(DURATION), "For stopping; 90s if left out."),
            key("start-limit", new Text(DURATION), "For starting; 90s if left out.")),
        List.of(
            new OneOf(List.of("systemd", "docker", "compose", "commands", "maintenance"), true)));
  }

  private static Struct compose() {
    return new Struct(
        "compose",
        List.of(
            key("project", new Text(CONTAINER), "The name of the project."),
            key("file", new Text(PATH), "The file of the project, as docker compose takes it."),
            key(
                "services",
                new ListOf(new Text(CONTAINER), true, MAX_ACTIONS),
                "Those of its services that use the data; if left out, all.")),
        List.of());
  }

  private static Struct commands() {
    return new Struct(
        "commands",
        List.of(
            required("stop", command(), "Stops the service; harmless if it is stopped."),
            required("start", command(), "Starts the service; harmless if it runs."),
            key(
                "status",
                command(),
                "Ends with 0 exactly if the service runs; if left out, it is taken to run.")),
        List.of());
  }

  private static Struct maintenance() {
    return new Struct(
        "maintenance",
        List.of(
            required("on", call("on"), "The request that switches maintenance on."),
            required("off", call("off"), "The request that switches it off."),
            key(
                "is-on",
                call("is-on"),
                "A request that is answered as expected exactly if maintenance is on.")),
        List.of());
  }

  private static Struct call(String name) {
    return new Struct(
        name,
        List.of(
            required("url", new Text(ADDRESS), "Where the request goes."),
            key(
                "method",
                Choice.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
                "The method; GET if left out."),
            key("headers", new Named("header", header(), MAX_HEADERS), "Headers of the request."),
            key("body", ANY, "The body of the request."),
            key(
                "status",
                new ListOf(new Whole(100, 599), true, MAX_STATUSES),
                "Statuses of the right answer; 200 to 299 if left out."),
            key("contains", ANY, "Text that the body of the right answer has in it.")),
        List.of());
  }

  private static Struct header() {
    return new Struct(
        "header",
        List.of(
            key("text", LINE, "The value, or what stands before the secret."),
            key("file", new Text(PATH), "A file that holds the value, or the rest of it."),
            key("env", new Text(VARIABLE), "The environment variable that holds it.")),
        List.of(new OneOf(List.of("file", "env"), false)));
  }

  private static Struct action() {
    return new Struct(
        "action",
        List.of(
            key("run", command(), "A text for /bin/sh, or a list of a program and its arguments."),
            key("redis", redis(), "Deletes keys of a Redis server."),
            key("time-limit", new Text(DURATION), "For all of it; 30m if left out.")),
        List.of(new OneOf(List.of("run", "redis"), true)));
  }

  private static Struct redis() {
    List<Shape.Key> keys = new ArrayList<>();
    keys.add(key("host", LINE, "The host of the server; localhost if left out."));
    keys.add(key("port", new Whole(1, 65535), "The port of the server; 6379 if left out."));
    keys.add(
        key("database", new Whole(0, 1_000_000), "The number of the database; 0 if left out."));
    keys.add(key("user", LINE, "The user of the access control list."));
    keys.addAll(password("the user"));
    keys.add(key("tls", new YesNo(), "Whether the connection is encrypted; false if left out."));
    keys.add(
        key(
            "tls-ca-file",
            new Text(PATH),
            "Authorities in PEM that the server's certificate is checked with."));
    keys.add(
        key(
            "delete-prefixes",
            new ListOf(ANY, true, MAX_PREFIXES),
            "Keys that begin with one of these are deleted."));
    keys.add(
        key(
            "delete-everything",
            new YesNo(),
            "true: every key of the database is deleted, whoever it belongs to."));
    return new Struct(
        "redis",
        keys,
        List.of(
            new OneOf(List.of("password-file", "password-command", "password-env"), false),
            new OneOf(List.of("delete-prefixes", "delete-everything"), true),
            new Needs("tls-ca-file", "tls")));
  }

  private static Struct check() {
    return new Struct(
        "check",
        List.of(
            key("run", command(), "A command that ends with 0 if the service is well."),
            key("http", call("http"), "A request that is answered as expected."),
            key("sql", sql(), "A query on recovered databases."),
            key("time-limit", new Text(DURATION), "Until it must be well; 90s if left out."),
            key(
                "interval",
                new Text(DURATION),
                "Between two attempts; half a second if left out.")),
        List.of(new OneOf(List.of("run", "http", "sql"), true)));
  }

  private static Struct sql() {
    return new Struct(
        "sql",
        List.of(
            key("source", LINE, "The source whose databases are asked; if left out, all are."),
            required("query", ANY, "The query; the first value of its answer counts."),
            key(
                "expect",
                ANY,
                "The value as text; if left out, anything but nothing, 0 and the empty text.")),
        List.of());
  }

  private static Struct safetyCopies() {
    return new Struct(
        "safety-copies",
        List.of(
            key(
                "delete-after",
                new Text(AGE),
                "How old they become; if left out, they stay until 'recover confirm'.")),
        List.of());
  }
}
