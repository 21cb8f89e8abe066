package dev.holdfast.engine.config.shape;

import dev.holdfast.engine.config.shape.Value.Kind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads one YAML 1.2 document (core schema) into values that know where they stand. Works on the
/// parser's events, so that neither depth nor aliases of a hostile file cost more than its bytes:
/// depth is bounded, and anchors and aliases, which a configuration does not need, are refused.
/// Used once.
public final class YamlReader {
  /// A larger file is refused: a thousand apps need less.
  public static final int MAX_BYTES = 1 << 20;

  /// Deeper than any shape of the configuration.
  private static final int MAX_DEPTH = 32;

  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

  private final String file;
  private final List<Problem> problems;
  private final Deque<Open> open = new ArrayDeque<>();
  private int documents;
  private @Nullable Value root;

  /// A list or mapping whose end has not come yet.
  private static final class Open {
    final Place place;
    final boolean mapping;
    final List<Value> values = new ArrayList<>();
    final Map<String, Value.Member> members = new LinkedHashMap<>();
    Value.@Nullable Scalar key;

    Open(Place place, boolean mapping) {
      this.place = place;
      this.mapping = mapping;
    }

    Value close() {
      return mapping ? new Value.Members(place, members) : new Value.Items(place, values);
    }
  }

  /// Ends the reading: what follows would only be wrong because of it.
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient Problem problem;

    Stop(Place place, String message) {
      super(message);
      problem = new Problem(place, message);
    }
  }

  private YamlReader(String file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /// Reads a file's bytes.
  ///
  /// @param file its name for places
  /// @param problems gets what is wrong
  /// @return empty if it cannot be read as YAML, or if there is nothing in it
  public static Optional<Value> read(String file, byte[] bytes, List<Problem> problems) {
    Place start = new Place.Position(file, 1, 1);
    if (bytes.length > MAX_BYTES) {
      problems.add(new Problem(start, "the file is larger than " + MAX_BYTES + " bytes"));
      return Optional.empty();
    }
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), decoded, true);
    String text = decoded.flip().toString();
    if (result.isError()) {
      problems.add(new Problem(end(file, text), "what stands here is not UTF-8"));
      return Optional.empty();
    }
    return new YamlReader(file, problems)
        .read(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  /// The place behind `text`, with which the file begins.
  private static Place end(String file, String text) {
    int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
    int begin = text.lastIndexOf('\n') + 1;
    return new Place.Position(file, line, text.codePointCount(begin, text.length()) + 1);
  }

  private Optional<Value> read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setCodePointLimit(MAX_BYTES)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      for (Event event : new Parse(settings).parseString(text)) {
        accept(event);
      }
    } catch (Stop stop) {
      problems.add(stop.problem);
      return Optional.empty();
    } catch (MarkedYamlEngineException e) {
      problems.add(new Problem(place(e.getProblemMark()), sentence(e)));
      return Optional.empty();
    } catch (ReaderException e) {
      problems.add(
          new Problem(placeAt(text, e.getPosition()), "a character that YAML does not allow"));
      return Optional.empty();
    } catch (YamlEngineException e) {
      problems.add(new Problem(place(Optional.empty()), sentence(String.valueOf(e.getMessage()))));
      return Optional.empty();
    }
    return Optional.ofNullable(root);
  }

  private void accept(Event event) {
    switch (event.getEventId()) {
      case DocumentStart -> {
        if (++documents > 1) {
          throw new Stop(
              place(event.getStartMark()),
              "a second document begins here, and one is all that is read");
        }
      }
      case MappingStart, SequenceStart -> start((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> add(open.pop().close());
      case Scalar -> add(scalar((ScalarEvent) event));
      case Alias ->
          throw new Stop(
              place(event.getStartMark()),
              "aliases are refused: write the value out, in quotes if it begins with '*'");
      case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
    }
  }

  private void start(CollectionStartEvent event) {
    Place place = place(event.getStartMark());
    refuseAnchor(event, place);
    if (event.getTag().isPresent()) {
      throw new Stop(
          place, "tags are refused: leave it out, or write in quotes what begins with '!'");
    }
    if (open.size() >= MAX_DEPTH) {
      throw new Stop(place, "nested deeper than " + MAX_DEPTH + " levels");
    }
    open.push(new Open(place, event.getEventId() == Event.ID.MappingStart));
  }

  private static void refuseAnchor(NodeEvent event, Place place) {
    if (event.getAnchor().isPresent()) {
      throw new Stop(
          place, "anchors are refused: write values out, in quotes if they begin with '&'");
    }
  }

  private Value.Scalar scalar(ScalarEvent event) {
    Place place = place(event.getStartMark());
    refuseAnchor(event, place);
    if (event.getTag().isPresent() && !event.getTag().get().equals("!")) {
      throw new Stop(
          place, "tags are refused: leave it out, or write in quotes what begins with '!'");
    }
    return new Value.Scalar(place, kind(event), event.getValue());
  }

  private static Kind kind(ScalarEvent event) {
    if (!event.isPlain() || event.getTag().isPresent()) {
      return Kind.TEXT;
    }
    Tag tag = RESOLVER.resolve(event.getValue(), true);
    if (tag.equals(Tag.NULL)) {
      return Kind.NOTHING;
    }
    if (tag.equals(Tag.BOOL)) {
      return Kind.YES_NO;
    }
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Kind.NUMBER : Kind.TEXT;
  }

  private void add(Value value) {
    Open around = open.peek();
    if (around == null) {
      root = value;
    } else if (!around.mapping) {
      around.values.add(value);
    } else if (around.key == null) {
      if (!(value instanceof Value.Scalar key)) {
        throw new Stop(value.place(), "a key must be text, not " + value.words());
      }
      around.key = key;
    } else {
      Value.Scalar key = around.key;
      around.key = null;
      Value.Member before = around.members.get(key.text());
      if (before == null) {
        around.members.put(key.text(), new Value.Member(key.place(), value));
      } else {
        problems.add(
            new Problem(
                key.place(),
                "the key '%s' is given twice, the first time at %s"
                    .formatted(Shown.text(key.text()), Shown.lineAndColumn(before.keyPlace()))));
      }
    }
  }

  private Place place(Optional<Mark> mark) {
    return mark.<Place>map(m -> new Place.Position(file, m.getLine() + 1, m.getColumn() + 1))
        .orElseGet(() -> new Place.Position(file, 1, 1));
  }

  private Place placeAt(String text, int position) {
    String before = text.substring(0, Math.min(position, text.length()));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Place.Position(file, line, before.length() - before.lastIndexOf('\n'));
  }

  /// What the parser says of its rules, in words about the text that breaks them: most often a
  /// pattern or a command that needs quotes.
  private static String sentence(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (String.valueOf(e.getContext()).equals("while scanning an alias")) {
      return "a '*' at the beginning stands for an alias: write such text in quotes";
    }
    if (problem.contains("<scalar>")) {
      return "what begins with a quote, '{' or '[' has ended before this: write all of it in quotes";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "no value can begin at this colon: write text with ': ' in it in quotes, and see"
          + " whether the line begins where its neighbours do";
    }
    return sentence(e.getProblem());
  }

  private static String sentence(@Nullable String problem) {
    String text =
        problem == null ? "cannot be read as YAML" : problem.replaceAll("\\s+", " ").strip();
    if (text.contains("'\\t(TAB)'")) {
      return "a tab, where YAML allows spaces only";
    }
    return Shown.text(text);
  }
}
