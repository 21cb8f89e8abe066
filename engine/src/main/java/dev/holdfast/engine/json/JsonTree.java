package dev.holdfast.engine.json;

import dev.holdfast.repository.error.HoldfastException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/// One JSON object: maps, lists, texts, numbers, truth values and nothing. Written are whole
/// numbers only. Everything outside of ASCII is escaped, so that names of any bytes survive.
public final class JsonTree {
  /// Far more than any such text has, and little enough to be held.
  public static final int BYTES_MAX = 16 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final int DEPTH_MAX = 16;

  private JsonTree() {}

  /// The object on one line, without its end.
  public static String line(Map<String, ? extends @Nullable Object> object) {
    return write(ObjectWriteContext.empty(), object);
  }

  /// The object over several lines, for people.
  public static byte[] file(Map<String, ? extends @Nullable Object> object) {
    ObjectWriteContext indented =
        new ObjectWriteContext.Base() {
          @Override
          public DefaultPrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
          }
        };
    return (write(indented, object) + '\n').getBytes(StandardCharsets.US_ASCII);
  }

  private static String write(
      ObjectWriteContext context, Map<String, ? extends @Nullable Object> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(context, text)) {
      write(out, object);
    }
    return text.toString();
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

  /// Reads a text.
  ///
  /// @throws HoldfastException.Corrupt if it is not one object and nothing else
  public static JsonFields read(JsonOrigin origin, String text) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
      return read(origin, in);
    }
  }

  /// Reads a text in its bytes.
  ///
  /// @throws HoldfastException.Corrupt if they are not one object and nothing else
  public static JsonFields read(JsonOrigin origin, byte[] utf8) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), utf8)) {
      return read(origin, in);
    }
  }

  private static JsonFields read(JsonOrigin origin, JsonParser in) {
    try {
      in.nextToken();
      JsonFields fields = new JsonFields(origin, object(origin, in, 0));
      if (in.nextToken() != null) {
        throw origin.damaged("there is more behind its object");
      }
      return fields;
    } catch (JacksonException e) {
      throw origin.damaged(String.valueOf(e.getOriginalMessage()));
    }
  }

  private static Map<String, @Nullable Object> object(JsonOrigin origin, JsonParser in, int depth) {
    if (in.currentToken() != JsonToken.START_OBJECT || depth > DEPTH_MAX) {
      throw origin.damaged("there is no object where one belongs");
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      object.put(name, value(origin, in, depth + 1));
    }
    return object;
  }

  private static @Nullable Object value(JsonOrigin origin, JsonParser in, int depth) {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return object(origin, in, depth);
    }
    if (token == JsonToken.START_ARRAY && depth <= DEPTH_MAX) {
      List<@Nullable Object> list = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(origin, in, depth + 1));
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
    throw origin.damaged("it holds " + token);
  }
}
