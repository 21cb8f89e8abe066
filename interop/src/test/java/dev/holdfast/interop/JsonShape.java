package dev.holdfast.interop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What a script relies on in JSON output: which fields there are, of which types, and the words of
/// `message_type` and `struct_type`.
final class JsonShape {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonShape() {}

  /// One line for each kind of field in one or more JSON documents, such as `[].paths[] string`.
  static Set<String> of(String documents) {
    Set<String> shape = new TreeSet<>();
    Deque<String> enclosing = new ArrayDeque<>();
    String path = "";
    String name = "";
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), documents)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case PROPERTY_NAME -> name = parser.currentName();
          case START_OBJECT, START_ARRAY -> {
            enclosing.push(path);
            path = child(path, name) + (token == JsonToken.START_ARRAY ? "[]" : "");
            shape.add(path + " " + (token == JsonToken.START_ARRAY ? "array" : "object"));
            name = "";
          }
          case END_OBJECT, END_ARRAY -> {
            path = enclosing.pop();
            name = "";
          }
          default -> {
            shape.add(child(path, name) + " " + type(token));
            if (name.equals("message_type") || name.equals("struct_type")) {
              shape.add(name + "=" + parser.getString());
            }
            name = "";
          }
        }
      }
    }
    return shape;
  }

  private static String child(String path, String name) {
    return name.isEmpty() ? path : path + "." + name;
  }

  private static String type(JsonToken token) {
    return switch (token) {
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      default -> "null";
    };
  }
}
