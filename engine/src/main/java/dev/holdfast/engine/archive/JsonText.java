package dev.holdfast.engine.archive;

import dev.holdfast.repository.error.HoldfastException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// The small JSON files of archives, as maps, lists, texts, numbers and truth values. What is
/// written is indented, for people; everything outside of ASCII is escaped.
final class JsonText {
  /// Far more than any of these files has, and little enough to be held.
  static final int BYTES_MAX = 16 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final int DEPTH_MAX = 16;

  private JsonText() {}

  static byte[] write(Map<String, ? extends @Nullable Object> object) {
    StringWriter text = new StringWriter();
    ObjectWriteContext indented =
        new ObjectWriteContext.Base() {
          @Override
          public DefaultPrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
          }
        };
    try (JsonGenerator out = JSON.createGenerator(indented, text)) {
      write(out, object);
    }
    return text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach((name, inner) -> {
          out.writeName(name.toString());
          write(out, inner);
        });
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(inner -> write(out, inner));
        out.writeEndArray();
      }
      case Number number -> out.writeNumber(number.longValue());
      case Boolean truth -> out.writeBoolean(truth);
      default -> out.writeString(value.toString());
    }
  }

  /// The object in these bytes.
  ///
  /// @param what it is, for messages
  /// @throws HoldfastException.Corrupt if it is none
  static Fields read(String what, byte[] json) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      in.nextToken();
      Fields fields = new Fields(what, object(what, in, 0));
      if (in.nextToken() != null) {
        throw damaged(what, "there is more behind its object");
      }
      return fields;
    } catch (JacksonException e) {
      throw damaged(what, String.valueOf(e.getOriginalMessage()));
    }
  }

  static HoldfastException damaged(String what, String reason) {
    return new HoldfastException.Corrupt(
        what + " is not what it should be: " + reason, "nothing was imported", null);
  }

  private static Map<String, @Nullable Object> object(String what, JsonParser in, int depth) {
    if (in.currentToken() != JsonToken.START_OBJECT || depth > DEPTH_MAX) {
      throw damaged(what, "there is no object where one belongs");
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      object.put(name, value(what, in, depth + 1));
    }
    return object;
  }

  private static @Nullable Object value(String what, JsonParser in, int depth) {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return object(what, in, depth);
    }
    if (token == JsonToken.START_ARRAY && depth <= DEPTH_MAX) {
      List<@Nullable Object> list = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(what, in, depth + 1));
      }
      return list;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return in.getLongValue();
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return in.getDoubleValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (token == JsonToken.VALUE_STRING) {
      return in.getString();
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    throw damaged(what, "it holds " + token);
  }

  /// The members of an object.
  ///
  /// @param what the file is, for messages
  record Fields(String what, Map<String, @Nullable Object> map) {
    String text(String name) {
      return optionalText(name).orElseThrow(() -> wrong(name));
    }

    Optional<String> optionalText(String name) {
      return map.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    long number(String name) {
      if (map.get(name) instanceof Long number) {
        return number;
      }
      throw wrong(name);
    }

    /// An object; an empty one if it is missing.
    Fields object(String name) {
      return map.get(name) instanceof Map<?, ?> object
          ? new Fields(what, copy(object))
          : new Fields(what, Map.of());
    }

    boolean has(String name) {
      return map.get(name) != null;
    }

    /// A list of objects; an empty one if it is missing.
    List<Fields> objects(String name) {
      List<Fields> objects = new ArrayList<>();
      if (map.get(name) instanceof List<?> list) {
        for (Object each : list) {
          if (!(each instanceof Map<?, ?> object)) {
            throw wrong(name);
          }
          objects.add(new Fields(what, copy(object)));
        }
      }
      return objects;
    }

    Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      map.forEach((name, value) -> texts.put(name, String.valueOf(value)));
      return texts;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> object) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      object.forEach((key, inner) -> copy.put(String.valueOf(key), inner));
      return copy;
    }

    private HoldfastException wrong(String name) {
      return damaged(what, "'" + name + "' is missing or of a wrong kind");
    }
  }
}
