package dev.holdfast.repository.store.rest;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.async.ByteBufferFeeder;
import tools.jackson.core.json.JsonFactory;

/// Reads a listing as it comes: an array of names in the first version of the protocol, of objects
/// with `name` and `size` in the second. Members it does not know are skipped.
final class Listing implements Body.Receiver {
  /// What the size is if the listing does not tell.
  static final long UNKNOWN = -1;

  private static final int MAX_TEXT_CHARS = 4096;
  private static final int MAX_DEPTH = 16;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_TEXT_CHARS)
                  .maxNameLength(MAX_TEXT_CHARS)
                  .build())
          .build();

  private final String what;
  private final BiConsumer<String, Long> each;
  private final JsonParser parser =
      FACTORY.createNonBlockingByteBufferParser(ObjectReadContext.empty());
  private final ByteBufferFeeder feeder = (ByteBufferFeeder) parser.nonBlockingInputFeeder();
  private int depth;
  private boolean ended;
  private String member = "";
  private @Nullable String name;
  private long size = UNKNOWN;

  /// @param what for messages
  /// @param each told the name and the size, or [#UNKNOWN], of each entry
  Listing(String what, BiConsumer<String, Long> each) {
    this.what = what;
    this.each = each;
  }

  @Override
  public void take(ByteBuffer bytes) throws IOException {
    try {
      feeder.feedInput(bytes);
      read();
    } catch (JacksonException e) {
      throw malformed();
    }
  }

  @Override
  public void end() throws IOException {
    try {
      feeder.endOfInput();
      read();
    } catch (JacksonException e) {
      throw malformed();
    }
    if (!ended) {
      throw malformed();
    }
  }

  private void read() {
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      take(token);
    }
  }

  private void take(JsonToken token) {
    switch (token) {
      case START_ARRAY, START_OBJECT -> begin(token);
      case END_ARRAY, END_OBJECT -> end(token);
      case PROPERTY_NAME -> member = depth == 2 ? parser.currentName() : "";
      case VALUE_STRING -> text(parser.getString());
      case VALUE_NUMBER_INT -> number();
      case VALUE_NULL -> {
        // Go writes an empty list as null.
        ended |= depth == 0;
      }
      default -> {}
    }
  }

  private void begin(JsonToken token) {
    if (depth == 0 && (token != JsonToken.START_ARRAY || ended)) {
      throw malformed();
    }
    if (depth == 1) {
      name = null;
      size = UNKNOWN;
    }
    depth++;
  }

  private void end(JsonToken token) {
    depth--;
    ended |= depth == 0;
    if (depth == 1 && token == JsonToken.END_OBJECT) {
      if (name == null || size < 0) {
        throw malformed();
      }
      each.accept(name, size);
    }
  }

  private void text(String value) {
    if (depth == 1) {
      each.accept(value, UNKNOWN);
    } else if (depth == 2 && member.equals("name")) {
      name = value;
    }
  }

  private void number() {
    if (depth == 2 && member.equals("size")) {
      size = parser.getLongValue();
    }
  }

  private Corrupt malformed() {
    return new Corrupt(
        what + " is not what the REST protocol says a list is",
        "check that the address is that of a restic REST server",
        null);
  }
}
