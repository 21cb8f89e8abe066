package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.s3.S3Calls.CallFailed;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.DistantFolder;
import dev.holdfast.repository.store.S3Address;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.function.Consumer;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Files below a prefix of a bucket, with the options and the checks of [S3Store]. It tries nothing
/// twice. Thread-safe.
public final class S3Folder implements DistantFolder {
  private final S3Address address;
  private final S3Names names;
  private final S3Calls calls;
  private final S3Writer writer;
  private final S3Listing listing;
  private final S3Protection protection;

  private S3Folder(
      S3Address address,
      S3Settings settings,
      S3Client client,
      Clock clock,
      Consumer<String> notices) {
    this.address = address;
    this.names = new S3Names(address);
    S3Failures failures = new S3Failures(address, settings);
    this.calls = new S3Calls(client, failures, settings.connections());
    this.protection = new S3Protection(calls, names, settings, clock, notices);
    this.writer = new S3Writer(calls, names, settings, protection);
    this.listing = new S3Listing(calls, names, settings);
  }

  /// Connects at the first call. The bucket has to exist.
  ///
  /// @param notices told what a person should know, such as that a file could not be deleted yet
  public static S3Folder at(
      S3Address address,
      S3Settings settings,
      Connecting connecting,
      Clock clock,
      Consumer<String> notices) {
    return new S3Folder(
        address, settings, S3Clients.of(address, settings, connecting), clock, notices);
  }

  @Override
  public String location() {
    return address.toString();
  }

  @Override
  public void put(String name, Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      writer.put(name, new MappedFile(channel, channel.size()));
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static InputOutput unreadable(String file, IOException e) {
    return new InputOutput("'" + file + "' cannot be read: " + Reason.of(e), "", e);
  }

  /// A file that is in memory as far as it is being sent.
  private record MappedFile(FileChannel channel, long lengthBytes) implements S3Writer.Source {
    @Override
    public ByteBuffer part(long at, int length) {
      try {
        return length == 0 ? ByteBuffer.allocate(0) : channel.map(MapMode.READ_ONLY, at, length);
      } catch (IOException e) {
        throw unreadable("a file that is sent", e);
      }
    }
  }

  @Override
  public void get(String name, Path file) {
    try {
      calls.attempt("read " + name, client -> fetch(client, name, file));
    } catch (CallFailed e) {
      if (S3Failures.isMissing(e.reason())) {
        throw new NotFound(location() + " has no '" + name + "'", "check the name");
      }
      throw calls.failure("read " + name, e);
    }
  }

  private boolean fetch(S3Client client, String name, Path file) throws IOException {
    ResponseInputStream<GetObjectResponse> stream =
        client.getObject(request -> request.bucket(names.bucket()).key(names.of(name)));
    boolean whole = false;
    try {
      long length = stream.response().contentLength();
      long copied = Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
      if (copied < length) {
        throw new EOFException("the answer ends %d bytes early".formatted(length - copied));
      }
      whole = true;
    } finally {
      if (whole) {
        stream.close();
      } else {
        stream.abort();
      }
    }
    return whole;
  }

  @Override
  public void list(String prefix, Consumer<Entry> each) {
    listing.objects(
        prefix.isEmpty() ? "all" : prefix,
        names.of(prefix),
        null,
        object ->
            each.accept(new Entry(names.path(object.key()), object.size(), object.lastModified())));
  }

  @Override
  public void delete(String name) {
    protection.delete(name);
  }

  @Override
  public void close() {
    calls.close();
  }
}
