package dev.holdfast.repository.store.rest;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ExtendedOptions;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.RestAddress;
import dev.holdfast.repository.store.StoreFailure;
import dev.holdfast.repository.store.rest.RestCalls.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/// A repository on a server that speaks restic's REST protocol, in its first or second version.
/// Thread-safe.
///
/// A server may refuse to overwrite and to delete (append-only mode). What is there already is then
/// as good as written if it has the same bytes.
public final class RestStore implements ObjectStore {
  /// The names of its extended options: restic's.
  public static final Set<String> OPTIONS = Set.of("connections");

  private static final int DEFAULT_CONNECTIONS = 5;
  private static final int MAX_CONNECTIONS = 1000;
  private static final String CREATE = "?create=true";

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TIMED_OUT = 408;
  private static final int BAD_RANGE = 416;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int NO_SPACE = 507;
  private static final int PARTIAL = 206;

  private final RestAddress address;
  private final RestCalls calls;
  private final int connections;

  /// @param options those of restic: `rest.connections`
  public RestStore(RestAddress address, ExtendedOptions options, Connecting connecting) {
    this.address = address;
    options.requireKnown(OPTIONS);
    this.connections = options.number("connections", DEFAULT_CONNECTIONS, 1, MAX_CONNECTIONS);
    this.calls = new RestCalls(address, connecting);
  }

  @Override
  public String location() {
    return address.toString();
  }

  @Override
  public int connections() {
    return connections;
  }

  /// The path below the repository's: packs have no folders of their own here.
  private static String path(ObjectKey key) {
    return key.type() == ObjectType.CONFIG
        ? key.type().folder()
        : key.type().folder() + "/" + key.hash().toHex();
  }

  @Override
  public void create() {
    create("");
  }

  private void create(String folder) {
    String doing = "create the repository";
    requireDone(doing, calls.post(doing, folder + CREATE, ByteBuffer.allocate(0)));
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    String doing = "write " + key;
    Reply reply = calls.post(doing, path(key), content);
    if (reply.status() == NOT_FOUND && key.type() == ObjectType.RECORD) {
      // To the server, what is above a folder of objects is a repository.
      String folder = key.type().folder();
      create(folder.substring(0, folder.indexOf('/') + 1));
      reply = calls.post(doing, path(key), content);
    }
    if (reply.status() == FORBIDDEN && exists(key)) {
      if (holds(key, content)) {
        return;
      }
      delete(key);
      reply = calls.post(doing, path(key), content);
    }
    requireDone(doing, reply);
  }

  private boolean holds(ObjectKey key, ByteBuffer content) {
    if (length(key) != content.remaining()) {
      return false;
    }
    ByteBuffer there = ByteBuffer.allocate(content.remaining());
    read(key, 0, there);
    return there.flip().equals(content);
  }

  @Override
  public byte[] get(ObjectKey key) {
    Whole whole = new Whole(key);
    String doing = "read " + key;
    Reply reply = calls.call(doing, "GET", path(key), whole::begin);
    requireFound(key, doing, reply);
    return whole.bytes();
  }

  /// Collects an object whose length the server may not have told.
  private static final class Whole implements Body.Receiver {
    private static final int FIRST_BYTES = 64 * 1024;

    private final ObjectKey key;
    private byte[] collected = {};
    private int length;

    Whole(ObjectKey key) {
      this.key = key;
    }

    Body.Receiver begin(Reply head) {
      if (!head.isDone()) {
        return Body.IGNORED;
      }
      requireLength(head.contentLength());
      collected = new byte[(int) Math.max(head.contentLength(), 0)];
      length = 0;
      return this;
    }

    private void requireLength(long bytes) {
      if (bytes > MAX_GET_BYTES) {
        throw StoreFailure.tooLong(key, bytes);
      }
    }

    @Override
    public void take(ByteBuffer bytes) {
      int more = bytes.remaining();
      requireLength((long) length + more);
      if (length + more > collected.length) {
        int room = Math.max(FIRST_BYTES, Math.min(2 * collected.length, MAX_GET_BYTES));
        collected = Arrays.copyOf(collected, Math.max(room, length + more));
      }
      bytes.get(collected, length, more);
      length += more;
    }

    byte[] bytes() {
      return length == collected.length ? collected : Arrays.copyOf(collected, length);
    }
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    StoreFailure.requireOffset(offset);
    int wanted = target.remaining();
    if (wanted == 0 || offset > Long.MAX_VALUE - wanted) {
      requireWithin(key, offset, wanted);
      return;
    }
    String doing = "read " + key;
    Reply reply =
        calls.range(path(key), doing, offset, offset + wanted - 1, head -> part(head, target));
    if (reply.status() == BAD_RANGE) {
      throw StoreFailure.tooShort(key, length(key), offset, wanted);
    }
    requireFound(key, doing, reply);
    if (reply.status() != PARTIAL && (offset != 0 || target.hasRemaining())) {
      throw new InputOutput(
          location() + " does not serve parts of files", "use another server", null);
    }
    if (target.hasRemaining()) {
      requireWithin(key, offset, wanted);
      throw new Transient("the server sent less of " + key + " than it was asked for", null);
    }
  }

  private static Body.Receiver part(Reply head, ByteBuffer target) {
    if (!head.isDone()) {
      return Body.IGNORED;
    }
    return bytes -> {
      if (bytes.remaining() > target.remaining()) {
        // More than was asked for: the whole file, from a server that ignores ranges.
        bytes.limit(bytes.position() + target.remaining());
      }
      target.put(bytes);
    };
  }

  private void requireWithin(ObjectKey key, long offset, int wanted) {
    long length = length(key);
    if (offset > length - wanted) {
      throw StoreFailure.tooShort(key, length, offset, wanted);
    }
  }

  @Override
  public long length(ObjectKey key) {
    return lengthIfThere(key).orElseThrow(() -> StoreFailure.missing(key, location()));
  }

  @Override
  public boolean exists(ObjectKey key) {
    return lengthIfThere(key).isPresent();
  }

  private OptionalLong lengthIfThere(ObjectKey key) {
    String doing = "look up " + key;
    Reply reply = calls.call(doing, "HEAD", path(key), head -> Body.IGNORED);
    if (reply.status() == NOT_FOUND) {
      return OptionalLong.empty();
    }
    requireDone(doing, reply);
    if (reply.contentLength() < 0) {
      throw new InputOutput(
          location() + " does not tell how long " + key + " is",
          "a proxy between may remove the header Content-Length",
          null);
    }
    return OptionalLong.of(reply.contentLength());
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    if (type == ObjectType.CONFIG) {
      lengthIfThere(ObjectKey.CONFIG)
          .ifPresent(length -> each.accept(new ObjectInfo(ObjectKey.CONFIG, length)));
      return;
    }
    List<ObjectInfo> found = new ArrayList<>();
    Listing listing =
        new Listing(
            "the list of " + type.folder(),
            (name, size) ->
                Hash.parse(name)
                    .ifPresent(id -> found.add(new ObjectInfo(new ObjectKey(type, id), size))));
    String doing = "list " + type.folder();
    Reply reply =
        calls.call(
            doing, "GET", type.folder() + "/", head -> head.isDone() ? listing : Body.IGNORED);
    if (reply.status() == NOT_FOUND && isMissingFolder(type, reply)) {
      return;
    }
    requireDone(doing, reply);
    found.forEach(info -> withLength(info).ifPresent(each));
  }

  /// rclone answers so for failures of the storage behind it, which must not look like an empty
  /// folder; the folder of our own records is one that restic does not create.
  private static boolean isMissingFolder(ObjectType type, Reply reply) {
    return type == ObjectType.RECORD || !reply.isFrom("rclone/");
  }

  /// In the first version of the protocol lists are of names alone; what is gone meanwhile is left
  /// out.
  private Optional<ObjectInfo> withLength(ObjectInfo info) {
    if (info.lengthBytes() != Listing.UNKNOWN) {
      return Optional.of(info);
    }
    OptionalLong length = lengthIfThere(info.key());
    return length.isPresent()
        ? Optional.of(new ObjectInfo(info.key(), length.getAsLong()))
        : Optional.empty();
  }

  @Override
  public void delete(ObjectKey key) {
    String doing = "delete " + key;
    Reply reply = calls.call(doing, "DELETE", path(key), head -> Body.IGNORED);
    if (reply.status() != NOT_FOUND) {
      requireDone(doing, reply);
    }
  }

  @Override
  public void close() {
    calls.close();
  }

  private void requireFound(ObjectKey key, String doing, Reply reply) {
    if (reply.status() == NOT_FOUND) {
      throw StoreFailure.missing(key, location());
    }
    requireDone(doing, reply);
  }

  private void requireDone(String doing, Reply reply) {
    if (!reply.isDone()) {
      throw failure(doing, reply.status());
    }
  }

  private HoldfastException failure(String doing, int status) {
    return switch (status) {
      case UNAUTHORIZED ->
          new InputOutput(
              "%s takes no request with these credentials: cannot %s".formatted(location(), doing),
              "set RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD, or write them into the address",
              null);
      case FORBIDDEN ->
          new InputOutput(
              "%s refuses to %s".formatted(location(), doing),
              "check the rights of the user; an append-only server lets nothing be deleted or replaced",
              null);
      case NOT_FOUND ->
          new NotFound(
              "%s knows no such folder: cannot %s".formatted(location(), doing),
              "check the path in the address");
      case NO_SPACE ->
          new InputOutput(
              "%s has no space left: cannot %s".formatted(location(), doing),
              "make room, or raise the limit of the server",
              null);
      default -> {
        String message =
            "%s answered with HTTP status %d: cannot %s".formatted(location(), status, doing);
        yield status == TIMED_OUT
                || status == TOO_MANY
                || (status >= SERVER_ERROR && status != NOT_IMPLEMENTED)
            ? new Transient(message, null)
            : new InputOutput(message, "check that the address is that of a REST server", null);
      }
    };
  }
}
