package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.s3.S3Calls.CallFailed;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ErasedVersions;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.S3Address;
import dev.holdfast.repository.store.StoreFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Keeps objects in a bucket, in restic's layout (format sheet, section 1).
///
/// A PUT is atomic and durable once it is answered; it is believed only if the answer confirms the
/// checksum of what was sent. Nothing is tried again here: that is the work of
/// [dev.holdfast.repository.store.RetryingStore]. Thread-safe.
public final class S3Store implements ObjectStore {
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int PIECE_BYTES = 64 << 10;

  private final S3Address address;
  private final S3Settings settings;
  private final S3Calls calls;
  private final S3Names names;
  private final S3Writer writer;
  private final S3Listing listing;
  private final S3Protection protection;
  private final S3Bucket bucket;

  S3Store(
      S3Address address,
      S3Settings settings,
      S3Client client,
      Clock clock,
      Consumer<String> notices) {
    this.address = address;
    this.settings = settings;
    this.names = new S3Names(address);
    S3Failures failures = new S3Failures(address, settings);
    this.calls = new S3Calls(client, failures, settings.connections());
    this.protection = new S3Protection(calls, names, settings, clock, notices);
    this.writer = new S3Writer(calls, names, settings, protection);
    this.listing = new S3Listing(calls, names, settings);
    this.bucket = new S3Bucket(calls, names, settings, S3Clients.region(address, settings));
  }

  /// Connects at the first call.
  ///
  /// @param notices told what a person should know, such as that an object could not be deleted yet
  public static S3Store at(
      S3Address address,
      S3Settings settings,
      Connecting connecting,
      Clock clock,
      Consumer<String> notices) {
    return new S3Store(
        address, settings, S3Clients.of(address, settings, connecting), clock, notices);
  }

  /// Has the first calls of this process behind it, which take longest, without reaching anybody.
  public static void warmUp() {
    new SilentServer().ask();
  }

  @Override
  public String location() {
    return address.toString();
  }

  @Override
  public int connections() {
    return settings.connections();
  }

  @Override
  public void create() {
    bucket.create();
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    writer.put(key, content);
  }

  @Override
  public byte[] get(ObjectKey key) {
    return fetch(
        key,
        GetObjectRequest.builder().bucket(names.bucket()).key(names.of(key)).build(),
        stream -> {
          long length = stream.response().contentLength();
          if (length > MAX_GET_BYTES) {
            throw StoreFailure.tooLong(key, length);
          }
          byte[] bytes = new byte[Math.toIntExact(length)];
          fill(stream, ByteBuffer.wrap(bytes));
          return bytes;
        });
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    StoreFailure.requireOffset(offset);
    int wanted = target.remaining();
    if (wanted == 0 || offset > Long.MAX_VALUE - wanted) {
      long length = length(key);
      if (offset > length || wanted > 0) {
        throw StoreFailure.tooShort(key, length, offset, wanted);
      }
      return;
    }
    String range = "bytes=%d-%d".formatted(offset, offset + wanted - 1);
    GetObjectRequest request =
        GetObjectRequest.builder().bucket(names.bucket()).key(names.of(key)).range(range).build();
    fetch(
        key,
        request,
        stream -> {
          checkRange(key, offset, wanted, stream.response());
          fill(stream, target);
          return true;
        });
  }

  /// A server that does not know ranges sends everything, and one whose object is shorter sends
  /// less.
  private static void checkRange(
      ObjectKey key, long offset, int wanted, GetObjectResponse response) {
    String range = response.contentRange();
    long length = response.contentLength();
    if (range == null) {
      if (offset != 0 || length < wanted) {
        throw StoreFailure.tooShort(key, length, offset, wanted);
      }
      return;
    }
    if (!range.startsWith("bytes " + offset + "-")) {
      throw new Transient("the answer has another part of " + key + ": " + range, null);
    }
    if (length < wanted) {
      throw StoreFailure.tooShort(key, offset + length, offset, wanted);
    }
  }

  @Override
  public long length(ObjectKey key) {
    try {
      return calls.attempt(
          "look up " + key, client -> client.headObject(names.head(key)).contentLength());
    } catch (CallFailed e) {
      throw S3Failures.isMissing(e.reason())
          ? StoreFailure.missing(key, location())
          : bucket.explained("look up " + key, key, e);
    }
  }

  /// The config that is missing may be a bucket that is missing: an answer to HEAD does not tell.
  @Override
  public boolean exists(ObjectKey key) {
    try {
      return calls.attempt(
          "look up " + key,
          client -> {
            client.headObject(names.head(key));
            return true;
          });
    } catch (CallFailed e) {
      if (!S3Failures.isMissing(e.reason())) {
        throw bucket.explained("look up " + key, key, e);
      }
      if (key.type() == ObjectType.CONFIG) {
        bucket.requireExisting();
      }
      return false;
    }
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    if (type == ObjectType.CONFIG) {
      if (exists(ObjectKey.CONFIG)) {
        each.accept(new ObjectInfo(ObjectKey.CONFIG, length(ObjectKey.CONFIG)));
      }
      return;
    }
    listing.list(type, each);
  }

  @Override
  public void delete(ObjectKey key) {
    protection.delete(key);
  }

  @Override
  public void extendRetention(ObjectKey key) {
    protection.extend(key);
  }

  @Override
  public boolean hasRetention() {
    return settings.retention().isPresent();
  }

  @Override
  public Optional<Instant> protectedUntil(ObjectKey key) {
    return protection.until(key);
  }

  @Override
  public ErasedVersions eraseOldVersions() {
    return protection.eraseOldVersions();
  }

  @Override
  public void close() {
    calls.close();
  }

  /// What is done with an answer.
  @FunctionalInterface
  private interface Receiver<T> {
    T receive(ResponseInputStream<GetObjectResponse> stream) throws IOException;
  }

  private <T> T fetch(ObjectKey key, GetObjectRequest request, Receiver<T> receiver) {
    String doing = "read " + key;
    try {
      return calls.attempt(doing, client -> received(client, request, receiver));
    } catch (CallFailed e) {
      if (S3Failures.isMissing(e.reason())) {
        throw StoreFailure.missing(key, location());
      }
      if (e.reason() instanceof AwsServiceException answer
          && answer.statusCode() == RANGE_NOT_SATISFIABLE) {
        throw new Corrupt(key + " is too short for the range " + request.range());
      }
      throw calls.failure(doing, e);
    }
  }

  /// A connection whose answer was not read to its end is not used again.
  private static <T> T received(S3Client client, GetObjectRequest request, Receiver<T> receiver)
      throws IOException {
    ResponseInputStream<GetObjectResponse> stream = client.getObject(request);
    boolean whole = false;
    try {
      T result = receiver.receive(stream);
      whole = stream.read() < 0;
      return result;
    } finally {
      if (whole) {
        stream.close();
      } else {
        stream.abort();
      }
    }
  }

  private static void fill(InputStream stream, ByteBuffer target) throws IOException {
    byte[] piece = target.hasArray() ? target.array() : new byte[PIECE_BYTES];
    while (target.hasRemaining()) {
      int at = target.hasArray() ? target.arrayOffset() + target.position() : 0;
      int most = target.hasArray() ? target.remaining() : Math.min(PIECE_BYTES, target.remaining());
      int got = stream.read(piece, at, most);
      if (got < 0) {
        throw new EOFException("the answer ends %d bytes early".formatted(target.remaining()));
      }
      if (target.hasArray()) {
        target.position(target.position() + got);
      } else {
        target.put(piece, 0, got);
      }
    }
  }
}
