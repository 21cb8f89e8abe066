package dev.holdfast.engine.json;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of an object, each asked for with the type it must have. Whatever is missing or of
/// another type is a {@link HoldfastException.Corrupt}; a field that is null is missing.
///
/// @param map from names to texts, longs, doubles, truth values, lists, maps and null
public record JsonFields(JsonOrigin origin, Map<String, @Nullable Object> map) {
  public boolean has(String name) {
    return map.get(name) != null;
  }

  public String text(String name) {
    return get(name, String.class);
  }

  public Optional<String> optional(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  public long number(String name) {
    return get(name, Long.class);
  }

  public boolean truth(String name) {
    return get(name, Boolean.class);
  }

  public JsonFields object(String name) {
    return fields(get(name, Map.class), name);
  }

  public Optional<JsonFields> optionalObject(String name) {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  public List<JsonFields> objects(String name) {
    List<JsonFields> objects = new ArrayList<>();
    for (Object each : get(name, List.class)) {
      objects.add(fields(each, name));
    }
    return objects;
  }

  /// None if there is no such field.
  public List<JsonFields> optionalObjects(String name) {
    return has(name) ? objects(name) : List.of();
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

  /// The fields of an object as texts, of whatever type they are.
  public Map<String, String> textMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(name).map.forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  private List<String> texts(@Nullable Object value, String name) {
    if (!(value instanceof List<?> list)) {
      throw origin.damaged("'" + name + "' is no list of texts");
    }
    List<String> texts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof String text)) {
        throw origin.damaged("'" + name + "' is no list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private JsonFields fields(@Nullable Object value, String name) {
    if (!(value instanceof Map<?, ?> object)) {
      throw origin.damaged("'" + name + "' is no object");
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object.forEach((key, inner) -> copy.put(String.valueOf(key), inner));
    return new JsonFields(origin, copy);
  }

  private <T> T get(String name, Class<T> type) {
    Object value = map.get(name);
    if (!type.isInstance(value)) {
      throw origin.damaged("'" + name + "' is missing or of a wrong kind");
    }
    return type.cast(value);
  }
}
