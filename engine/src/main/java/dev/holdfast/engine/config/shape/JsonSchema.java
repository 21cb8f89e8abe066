package dev.holdfast.engine.config.shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a shape as a JSON Schema (draft 2020-12), for editors and other programs.
public final class JsonSchema {
  private static final String INDENT = "  ";

  private JsonSchema() {}

  /// The schema as text that ends with a line feed.
  public static String of(String title, String id, Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", id);
    schema.put("title", title);
    schema.putAll(schema(shape));
    StringBuilder out = new StringBuilder();
    write(out, schema, "");
    return out.append('\n').toString();
  }

  private static Map<String, Object> schema(Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (shape) {
      case Shape.Text text -> text(schema, text.format());
      case Shape.Choice choice -> schema.put("enum", choice.words());
      case Shape.YesNo _ -> schema.put("type", "boolean");
      case Shape.Whole number -> {
        schema.put("type", "integer");
        schema.put("minimum", number.least());
        schema.put("maximum", number.most());
      }
      case Shape.ListOf list -> {
        Map<String, Object> array = new LinkedHashMap<>();
        array.put("type", "array");
        array.put("items", schema(list.item()));
        array.put("maxItems", list.most());
        if (list.orOne()) {
          schema.put("oneOf", List.of(schema(list.item()), array));
        } else {
          schema.putAll(array);
        }
      }
      case Shape.Named named -> {
        schema.put("type", "object");
        schema.put("propertyNames", Map.of("pattern", Shape.Named.NAME.pattern()));
        schema.put("additionalProperties", schema(named.entry()));
        schema.put("maxProperties", named.most());
      }
      case Shape.Struct struct -> struct(schema, struct);
    }
    return schema;
  }

  private static void text(Map<String, Object> schema, Shape.Format format) {
    schema.put("type", "string");
    schema.put("pattern", format.pattern());
    schema.put("maxLength", Shape.Format.MAX_CHARACTERS);
  }

  private static void struct(Map<String, Object> schema, Shape.Struct struct) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Shape.Key key : struct.keys()) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("description", key.description());
      property.putAll(schema(key.shape()));
      properties.put(key.name(), property);
    }
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("additionalProperties", false);
    List<String> required =
        struct.keys().stream().filter(Shape.Key::required).map(Shape.Key::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    List<Object> all = new ArrayList<>();
    Map<String, Object> dependent = new LinkedHashMap<>();
    for (Shape.Rule rule : struct.rules()) {
      switch (rule) {
        case Shape.OneOf one -> all.add(oneOf(one));
        case Shape.Needs needs -> dependent.put(needs.key(), List.of(needs.other()));
      }
    }
    if (!dependent.isEmpty()) {
      schema.put("dependentRequired", dependent);
    }
    if (!all.isEmpty()) {
      schema.put("allOf", all);
    }
  }

  private static Map<String, Object> oneOf(Shape.OneOf one) {
    List<Object> alternatives = new ArrayList<>();
    List<Object> given = new ArrayList<>();
    for (String key : one.keys()) {
      given.add(Map.of("required", List.of(key)));
    }
    alternatives.addAll(given);
    if (!one.required()) {
      alternatives.add(Map.of("not", Map.of("anyOf", given)));
    }
    return Map.of("oneOf", alternatives);
  }

  private static void write(StringBuilder out, Object value, String indent) {
    String inner = indent + INDENT;
    switch (value) {
      case Map<?, ?> map -> {
        out.append("{\n");
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(comma)
              .append(inner)
              .append(quote(String.valueOf(entry.getKey())))
              .append(": ");
          write(out, entry.getValue(), inner);
          comma = ",\n";
        }
        out.append('\n').append(indent).append('}');
      }
      case List<?> list when list.stream().allMatch(String.class::isInstance) ->
          out.append(list.stream().map(item -> quote((String) item)).toList());
      case List<?> list -> {
        out.append("[\n");
        String comma = "";
        for (Object item : list) {
          out.append(comma).append(inner);
          write(out, item, inner);
          comma = ",\n";
        }
        out.append('\n').append(indent).append(']');
      }
      case String text -> out.append(quote(text));
      default -> out.append(value); // numbers and booleans
    }
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
