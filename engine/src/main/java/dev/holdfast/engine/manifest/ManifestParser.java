package dev.holdfast.engine.manifest;

import dev.holdfast.engine.manifest.ManifestCodec.Field;
import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads a manifest. Members that are unknown are passed over; a later version is refused. Used
/// once.
final class ManifestParser {
  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] json;

  ManifestParser(byte[] json) {
    this.json = json;
  }

  Manifest parse() {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      in.nextToken();
      return manifest(new Members(in));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw new HoldfastException.Corrupt("the manifest cannot be read: " + e.getMessage());
    }
  }

  private static Manifest manifest(Members object) {
    Map<String, Object> fields =
        object.read(
            Map.of(
                Field.SOURCES, ManifestParser::source,
                Field.FAILED, ManifestParser::failed));
    long format = number(fields, Field.FORMAT);
    if (format > Manifest.FORMAT) {
      throw new HoldfastException.Unsupported(
          "the manifest is of version " + format + ", which is newer than this program",
          "use the program that wrote it, or a later one");
    }
    return new Manifest(
        text(fields, Field.PROGRAM),
        optional(fields, Field.APP),
        text(fields, Field.RUN),
        text(fields, Field.HOST),
        instant(fields, Field.START),
        instant(fields, Field.INSTANT),
        instant(fields, Field.END),
        list(fields, Field.SOURCES, ManifestSource.class),
        list(fields, Field.FAILED, Manifest.FailedSource.class),
        list(fields, Field.OUTSIDE, String.class),
        list(fields, Field.WARNINGS, String.class));
  }

  private static Object failed(Members object) {
    Map<String, Object> fields = object.read(Map.of());
    return new Manifest.FailedSource(text(fields, Field.PATH), text(fields, Field.REASON));
  }

  private static Object source(Members object) {
    Map<String, Object> fields =
        object.read(
            Map.of(
                Field.TABLES, ManifestParser::table,
                Field.BINDINGS, ManifestParser::texts,
                Field.PROPERTIES, ManifestParser::texts,
                Field.FILES, ManifestParser::files));
    SourceFacts facts =
        new SourceFacts(
            optional(fields, Field.ENGINE_VERSION).orElse(""),
            instant(fields, Field.INSTANT),
            list(fields, Field.TABLES, TableRows.class),
            optional(fields, Field.SCHEMA),
            strings(fields, Field.PROPERTIES),
            list(fields, Field.WARNINGS, String.class));
    return new ManifestSource(
        text(fields, Field.NAME),
        text(fields, Field.KIND),
        text(fields, Field.PATH),
        strings(fields, Field.BINDINGS),
        Claim.valueOf(text(fields, Field.CLAIM).toUpperCase(Locale.ROOT).replace('-', '_')),
        micros(fields, Field.SKEW),
        number(fields, Field.BYTES),
        optional(fields, Field.CONTENT),
        micros(fields, Field.DURATION),
        optional(fields, Field.STATE),
        !Boolean.FALSE.equals(fields.get(Field.READ)),
        facts,
        fields.get(Field.FILES) instanceof ManifestSource.FileCount count
            ? Optional.of(count)
            : Optional.empty());
  }

  private static Object table(Members object) {
    Map<String, Object> fields = object.read(Map.of());
    return new TableRows(
        text(fields, Field.NAME),
        number(fields, Field.ROWS),
        !Boolean.FALSE.equals(fields.get(Field.EXACT)));
  }

  private static Object texts(Members object) {
    return object.read(Map.of());
  }

  private static Object files(Members object) {
    Map<String, Object> fields = object.read(Map.of());
    return new ManifestSource.FileCount(
        number(fields, Field.COUNT),
        number(fields, Field.CHANGED_COUNT),
        list(fields, Field.CHANGED, String.class));
  }

  private static String text(Map<String, Object> fields, String name) {
    return optional(fields, name)
        .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is missing"));
  }

  private static Optional<String> optional(Map<String, Object> fields, String name) {
    return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static long number(Map<String, Object> fields, String name) {
    if (fields.get(name) instanceof Long number && number >= 0) {
      return number;
    }
    throw new IllegalArgumentException("'" + name + "' is not a number");
  }

  private static Duration micros(Map<String, Object> fields, String name) {
    return Duration.ofNanos(Math.multiplyExact(number(fields, name), Field.NANOS_PER_MICRO));
  }

  private static Instant instant(Map<String, Object> fields, String name) {
    return Instant.parse(text(fields, name));
  }

  private static <T> List<T> list(Map<String, Object> fields, String name, Class<T> type) {
    return fields.get(name) instanceof List<?> values
        ? values.stream().map(type::cast).toList()
        : List.of();
  }

  private static Map<String, String> strings(Map<String, Object> fields, String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (fields.get(name) instanceof Map<?, ?> values) {
      values.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    }
    return texts;
  }

  /// Turns an object into a record.
  private interface Form {
    Object read(Members object);
  }

  /// The members of the object that the parser stands at.
  private record Members(JsonParser in) {
    /// Reads the object to its end.
    ///
    /// @param forms what the objects under these names, alone or in arrays, are to become; any
    ///   other object is passed over
    Map<String, Object> read(Map<String, Form> forms) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an object was expected");
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      for (String name = in.nextName(); name != null; name = in.nextName()) {
        in.nextToken();
        if (in.currentToken() == JsonToken.START_ARRAY) {
          List<Object> values = new ArrayList<>();
          while (in.nextToken() != JsonToken.END_ARRAY) {
            value(forms.get(name)).ifPresent(values::add);
          }
          fields.put(name, values);
        } else {
          Optional<Object> value = value(forms.get(name));
          if (value.isPresent()) {
            fields.put(name, value.get());
          }
        }
      }
      return fields;
    }

    private Optional<Object> value(@Nullable Form form) {
      return switch (in.currentToken()) {
        case VALUE_STRING -> Optional.of(in.getString());
        case VALUE_NUMBER_INT -> Optional.of(in.getLongValue());
        case VALUE_TRUE -> Optional.of(true);
        case VALUE_FALSE -> Optional.of(false);
        case START_OBJECT -> {
          if (form != null) {
            yield Optional.of(form.read(this));
          }
          in.skipChildren();
          yield Optional.empty();
        }
        case START_ARRAY -> {
          in.skipChildren();
          yield Optional.empty();
        }
        case null, default -> Optional.empty();
      };
    }
  }
}
