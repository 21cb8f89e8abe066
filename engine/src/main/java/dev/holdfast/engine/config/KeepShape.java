package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Shape;
import dev.holdfast.engine.config.shape.Shape.Format;
import dev.holdfast.engine.config.shape.Shape.ListOf;
import dev.holdfast.engine.config.shape.Shape.Named;
import dev.holdfast.engine.config.shape.Shape.Struct;
import dev.holdfast.engine.config.shape.Shape.Text;
import dev.holdfast.engine.config.shape.Shape.Whole;
import dev.holdfast.engine.retention.SnapshotClass;
import dev.holdfast.engine.retention.Span;
import java.util.ArrayList;
import java.util.List;

/// The keys that say what is kept of snapshots, with the words of `forget`'s options.
final class KeepShape {
  static final String IN_COPIES = "keep-in-copies";
  static final String RESTORE_POINTS = "restore-points";
  static final String WITHIN = "within";
  static final String TAGS = "tags";

  private static final int MAX_COUNT = 1_000_000;
  private static final int MAX_TAGS = 100;
  private static final int MAX_COPIES = 20;

  static final Format PERIOD =
      new Format(
          "a period",
          "^(?=[0-9])([0-9]{1,4}y)?([0-9]{1,5}m)?([0-9]{1,5}d)?([0-9]{1,5}h)?$",
          "such as 30d or 1y6m: years, months, days, hours");

  private KeepShape() {}

  /// The keys of an app.
  static List<Shape.Key> keys() {
    return List.of(
        ConfigurationShape.key(
            "keep",
            policy(),
            "What 'forget APP' keeps of its snapshots in the app's own repository."),
        ConfigurationShape.key(
            IN_COPIES,
            new Named("copy", policy(), MAX_COPIES),
            "What it keeps in the repositories under 'copies', by their names."));
  }

  /// A whole policy.
  static Struct policy() {
    List<Shape.Key> keys = rules();
    keys.add(
        ConfigurationShape.key(
            RESTORE_POINTS,
            new Text(PERIOD),
            "How long to keep what recoveries stored of the state before them; 30d if left out."));
    for (SnapshotClass its : SnapshotClass.values()) {
      keys.add(
          ConfigurationShape.key(
              its.tag(),
              new Struct("class", rules(), List.of()),
              "Rules of their own for snapshots with the tag '" + its.tag() + "'."));
    }
    return new Struct("keep", keys, List.of());
  }

  private static List<Shape.Key> rules() {
    List<Shape.Key> keys = new ArrayList<>();
    for (Span span : Span.values()) {
      keys.add(
          ConfigurationShape.key(
              span.word(),
              new Whole(1, MAX_COUNT),
              span == Span.LAST
                  ? "How many of the newest to keep."
                  : "Of how many such spans that have any to keep the last one."));
    }
    keys.add(
        ConfigurationShape.key(
            WITHIN, new Text(PERIOD), "Keep everything this long before the newest."));
    for (Span span : Span.values()) {
      if (span != Span.LAST) {
        keys.add(
            ConfigurationShape.key(
                within(span),
                new Text(PERIOD),
                "Keep the last one of each such span this long before the newest."));
      }
    }
    keys.add(
        ConfigurationShape.key(
            TAGS,
            new ListOf(new Text(ConfigurationShape.TAG), false, MAX_TAGS),
            "Keep what has one of these tags."));
    return keys;
  }

  static String within(Span span) {
    return WITHIN + "-" + span.word();
  }
}
