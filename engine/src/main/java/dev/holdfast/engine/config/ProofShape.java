package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Shape;
import dev.holdfast.engine.config.shape.Shape.Format;
import dev.holdfast.engine.config.shape.Shape.ListOf;
import dev.holdfast.engine.config.shape.Shape.Named;
import dev.holdfast.engine.config.shape.Shape.Needs;
import dev.holdfast.engine.config.shape.Shape.OneOf;
import dev.holdfast.engine.config.shape.Shape.Struct;
import dev.holdfast.engine.config.shape.Shape.Text;
import dev.holdfast.engine.config.shape.Shape.Whole;
import java.util.ArrayList;
import java.util.List;

/// The keys of an app that say what is to be proven of its backups.
final class ProofShape {
  private static final int MAX_CHECKS = 200;
  private static final int MAX_COPIES = 20;
  private static final long MAX_NUMBER = 1_000_000_000_000_000L;

  static final Format AGE =
      new Format(
          "a duration",
          "^(?=[0-9])([0-9]{1,4}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?$",
          "such as 7d, 24h, 90m or 1d12h");
  static final Format SIZE =
      new Format("a size", "^[0-9]{1,15}[BKMGT]$", "such as 512B, 10K or 2M");

  private ProofShape() {}

  static List<Shape.Key> keys() {
    return List.of(
        ConfigurationShape.key(
            "expect-every",
            new Text(AGE),
            "The age at which the newest complete snapshot is overdue, for 'status'."),
        ConfigurationShape.key(
            "copies",
            new ListOf(new Text(Format.LINE), false, MAX_COPIES),
            "Names of further repositories that hold its snapshots, for 'status'."),
        ConfigurationShape.key(
            "checks",
            new Named("check", check(), MAX_CHECKS),
            "Questions that a drill asks about the recovered state, by names of your choice."),
        ConfigurationShape.key("drill", drill(), "How recovery is rehearsed."));
  }

  private static Struct check() {
    return new Struct(
        "check",
        List.of(
            ConfigurationShape.key(
                "sql", new Text(Format.ANY), "A query; its first value is looked at."),
            ConfigurationShape.key(
                "source",
                new Text(Format.LINE),
                "The source that is asked; may be left out if the app has one database only."),
            ConfigurationShape.key("equals", new Text(Format.ANY), "What the value must be."),
            ConfigurationShape.key(
                "at-least",
                new Whole(-MAX_NUMBER, MAX_NUMBER),
                "The smallest value, or number of files, that will do; 1 file if left out."),
            ConfigurationShape.key(
                "at-most", new Whole(-MAX_NUMBER, MAX_NUMBER), "The largest value that will do."),
            ConfigurationShape.key(
                "files",
                new Text(Format.LINE),
                "A pattern as --exclude takes it, absolute or relative to the app's root, of files that must be there."),
            ConfigurationShape.key(
                "min-size", new Text(SIZE), "How long each of these files must be; 0 if left out."),
            ConfigurationShape.key(
                "run",
                ConfigurationShape.command(),
                "A command that must end with 0: a text for /bin/sh, or a program and its arguments."),
            ConfigurationShape.key(
                "time-limit",
                new Text(ConfigurationShape.DURATION),
                "After which the command is ended and has failed; 5m if left out.")),
        List.of(
            new OneOf(List.of("sql", "files", "run"), true),
            new Needs("source", "sql"),
            new Needs("equals", "sql"),
            new Needs("at-most", "sql"),
            new Needs("min-size", "files"),
            new Needs("time-limit", "run")));
  }

  private static Struct drill() {
    List<Shape.Key> server = new ArrayList<>();
    server.add(
        ConfigurationShape.key(
            "url", new Text(Format.LINE), "Its address, without a password, as of a source."));
    server.add(
        ConfigurationShape.key(
            "url-env",
            new Text(ConfigurationShape.VARIABLE),
            "The environment variable that holds the address, password allowed."));
    server.addAll(ConfigurationShape.password("the user"));
    return new Struct(
        "drill",
        List.of(
            ConfigurationShape.key(
                "every",
                new Text(AGE),
                "The age at which the newest drill that succeeded is overdue, for 'status'."),
            ConfigurationShape.key(
                "scratch",
                new Text(ConfigurationShape.PATH),
                "The folder in which drills write; the user's cache folder if left out."),
            ConfigurationShape.key(
                "postgres",
                new Struct(
                    "server",
                    server,
                    List.of(
                        new OneOf(List.of("url", "url-env"), true),
                        new OneOf(
                            List.of("password-file", "password-command", "password-env"), false))),
                "The server on which drills make databases; one of their own if left out.")),
        List.of());
  }
}
