package dev.holdfast.engine.recover.journal;

import dev.holdfast.repository.error.HoldfastException;
import java.io.StringWriter;
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

/// One JSON object on one line: maps, lists, texts, whole numbers and truth values. Everything
/// outside of ASCII is escaped, so that names of any bytes survive.
public final class JsonTree {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final int DEPTH_MAX = 16;

  private JsonTree() {}

  /// The object on one line.
  public static String write(Map<String, Object> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      write(out, object);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, Object value) {
    switch (value) {
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

  /// Reads such a line.
  ///
  /// @throws HoldfastException.Corrupt if the text is not one object of such values
  public static Fields read(String line) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), line)) {
      in.nextToken();
      Fields fields = new Fields(object(in, 0));
      if (in.nextToken() != null) {
        throw damaged("there is more behind it");
      }
      return fields;
    } catch (JacksonException e) {
      throw damaged(String.valueOf(e.getOriginalMessage()));
    }
  }

  private static HoldfastException.Corrupt damaged(String reason) {
    return new HoldfastException.Corrupt("a record of the journal is damaged: " + reason, "", null);
  }

  private static Map<String, Object> object(JsonParser in, int depth) {
    if (in.currentToken() != JsonToken.START_OBJECT || depth > DEPTH_MAX) {
      throw damaged("there is no object where one belongs");
    }
    Map<String, Object> object = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      object.put(name, value(in, depth + 1));
    }
    return object;
  }

  private static Object value(JsonParser in, int depth) {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return object(in, depth);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> list = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(in, depth + 1));
      }
      return list;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return in.getLongValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (token == JsonToken.VALUE_STRING) {
      return in.getString();
    }
    throw damaged("it holds " + token);
  }

  /// The fields of an object, each asked for with the type it must have.
  public record Fields(Map<String, Object> map) {
    boolean has(String name) {
      return map.containsKey(name);
    }

    public String text(String name) {
      return get(name, String.class);
    }

    public Optional<String> optional(String name) {
      return map.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
    }

    public long number(String name) {
      return get(name, Long.class);
    }

    public boolean truth(String name) {
      return get(name, Boolean.class);
    }

    public Fields object(String name) {
      return fields(get(name, Map.class), name);
    }

    public Optional<Fields> optionalObject(String name) {
      return map.containsKey(name) ? Optional.of(object(name)) : Optional.empty();
    }

    public List<Fields> objects(String name) {
      List<Fields> objects = new ArrayList<>();
      for (Object each : get(name, List.class)) {
        objects.add(fields(each, name));
      }
      return objects;
    }

    /// None if there is no such field.
    public List<Fields> optionalObjects(String name) {
      return map.containsKey(name) ? objects(name) : List.of();
    }

    public List<String> texts(String name) {
      return texts(get(name, List.class), name);
    }

    public List<List<String>> textLists(String name) {
      List<List<String>> lists = new ArrayList<>();
      for (Object each : get(name, List.class)) {
        lists.add(texts(each, name));
      }
      return lists;
    }

    public Map<String, String> textMap(String name) {
      Map<String, String> texts = new LinkedHashMap<>();
      object(name).map.forEach((key, value) -> texts.put(key, value.toString()));
      return texts;
    }

    private static List<String> texts(@Nullable Object value, String name) {
      if (!(value instanceof List<?> list)) {
        throw damaged("'" + name + "' is no list of texts");
      }
      List<String> texts = new ArrayList<>();
      for (Object each : list) {
        if (!(each instanceof String text)) {
          throw damaged("'" + name + "' is no list of texts");
        }
        texts.add(text);
      }
      return texts;
    }

    private static Fields fields(@Nullable Object value, String name) {
      if (!(value instanceof Map<?, ?> object)) {
        throw damaged("'" + name + "' is no object");
      }
      Map<String, Object> copy = new LinkedHashMap<>();
      object.forEach((key, inner) -> copy.put(String.valueOf(key), inner));
      return new Fields(copy);
    }

    private <T> T get(String name, Class<T> type) {
      Object value = map.get(name);
      if (!type.isInstance(value)) {
        throw damaged("'" + name + "' is missing or of a wrong kind");
      }
      return type.cast(value);
    }
  }
}
