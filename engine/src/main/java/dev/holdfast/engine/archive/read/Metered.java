package dev.holdfast.engine.archive.read;

import dev.holdfast.engine.source.stream.BlockInput;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// What comes out of an archive, refused as soon as it is more than the limits allow, in all or
/// compared with the archive's own bytes. Whoever is interrupted gets no more of it: the streams of
/// files do not look. One thread at a time.
public final class Metered extends BlockInput {
  private final InputStream input;
  private final Limits limits;
  private final LongSupplier packedBytes;
  private long bytes;

  /// @param packedBytes how many bytes of the archive were read so far
  public Metered(InputStream input, Limits limits, LongSupplier packedBytes) {
    this.input = input;
    this.limits = limits;
    this.packedBytes = packedBytes;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (Thread.interrupted()) {
      throw new HoldfastException.Cancelled("interrupted while unpacking");
    }
    int count = input.read(target, offset, length);
    if (count > 0) {
      bytes += count;
      if (bytes > limits.bytesMax()) {
        throw Refusal.tooLarge("it holds more than " + Quantity.bytes(limits.bytesMax()));
      }
      if (bytes > Limits.RATIO_FREE_BYTES && bytes / limits.ratioMax() > packedBytes.getAsLong()) {
        throw Refusal.tooLarge(
            "its content is more than %d times as large as itself, as that of a bomb is"
                .formatted(limits.ratioMax()));
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  /// Passes a file's bytes on, and counts them.
  public static final class Counted extends BlockInput {
    private final InputStream input;
    private final LongConsumer observer;
    private long count;

    /// @param observer told of every number of bytes that was read
    public Counted(InputStream input, LongConsumer observer) {
      this.input = input;
      this.observer = observer;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = input.read(target, offset, length);
      if (read > 0) {
        count += read;
        observer.accept(read);
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      input.close();
    }

    public long count() {
      return count;
    }
  }
}
