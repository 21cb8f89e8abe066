package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Place;
import dev.holdfast.engine.config.shape.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads the keys of a mapping that has passed the check of its shape: what does not fit is a bug.
record Reader(Value.Members value) {
  boolean has(String key) {
    return value.members().containsKey(key);
  }

  Optional<String> text(String key) {
    return get(key).map(Reader::textOf);
  }

  /// Where the value of a key that is given was written.
  Place place(String key) {
    return get(key).orElseThrow().place();
  }

  boolean yes(String key, boolean otherwise) {
    return yes(key).orElse(otherwise);
  }

  Optional<Boolean> yes(String key) {
    return text(key).map(text -> text.toLowerCase(Locale.ROOT).equals("true"));
  }

  OptionalLong number(String key) {
    return text(key)
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  /// The mapping under a key; without keys if it is not given.
  Reader mapping(String key) {
    return get(key)
        .map(Reader::of)
        .orElseGet(() -> new Reader(new Value.Members(value.place(), Map.of())));
  }

  /// The mappings of a named list, in order.
  Map<String, Reader> named(String key) {
    Map<String, Reader> entries = new LinkedHashMap<>();
    mapping(key).value.members().forEach((name, member) -> entries.put(name, of(member.value())));
    return entries;
  }

  /// The texts of a named list, in order.
  Map<String, List<String>> namedTexts(String key) {
    Map<String, List<String>> entries = new LinkedHashMap<>();
    mapping(key)
        .value
        .members()
        .forEach((name, member) ->
            entries.put(name, itemsOf(member.value()).stream().map(Reader::textOf).toList()));
    return entries;
  }

  List<Value> items(String key) {
    return get(key).map(Reader::itemsOf).orElse(List.of());
  }

  List<String> texts(String key) {
    return items(key).stream().map(Reader::textOf).toList();
  }

  /// Whether a list was written as one item without a list around it.
  boolean isSingle(String key) {
    return get(key).filter(Value.Scalar.class::isInstance).isPresent();
  }

  static Reader of(Value value) {
    return new Reader((Value.Members) value);
  }

  private Optional<Value> get(String key) {
    return Optional.ofNullable(value.members().get(key)).map(Value.Member::value);
  }

  private static List<Value> itemsOf(Value value) {
    return value instanceof Value.Items items ? items.values() : List.of(value);
  }

  private static String textOf(Value value) {
    return ((Value.Scalar) value).text();
  }
}
