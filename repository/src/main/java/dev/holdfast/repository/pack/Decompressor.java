package dev.holdfast.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// Opens zstd frames into bounded memory: what a frame says of its size is never believed beyond
/// the bound, and a frame that says nothing is cut off at it. One thread at a time.
public final class Decompressor implements AutoCloseable {
  /// How much more than its own size a frame is believed to hold: an index, a snapshot or a lock is
  /// text, which does not shrink to so little.
  private static final int BELIEVED_RATIO = 100;

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  /// Decompresses into `plainBytes` bytes of `out` and demands that they are filled exactly.
  ///
  /// @throws Corrupt if the frame is damaged or has another size
  public void decompress(
      byte[] frame, int offset, int frameBytes, byte[] out, int outOffset, int plainBytes) {
    int found;
    try {
      found = context.decompressByteArray(out, outOffset, plainBytes, frame, offset, frameBytes);
    } catch (ZstdException e) {
      throw new Corrupt("compressed data does not decompress to " + plainBytes + " bytes", e);
    }
    if (found != plainBytes) {
      throw otherSize(found, plainBytes);
    }
  }

  /// Decompresses a frame whose size is not known from elsewhere.
  ///
  /// @param maxPlainBytes the most that is accepted
  /// @throws Corrupt if the frame is damaged or larger
  public byte[] decompress(byte[] frame, int offset, int length, int maxPlainBytes) {
    if (length == 0) {
      throw new Corrupt("compressed data is missing");
    }
    long announced = Zstd.getFrameContentSize(frame, offset, length);
    if (announced > maxPlainBytes) {
      throw tooLarge(maxPlainBytes);
    }
    if (announced <= 0) {
      return decompressAsItComes(frame, offset, length, maxPlainBytes);
    }
    if (announced > (long) BELIEVED_RATIO * length) {
      byte[] plain = decompressAsItComes(frame, offset, length, (int) announced);
      if (plain.length != announced) {
        throw otherSize(plain.length, announced);
      }
      return plain;
    }
    byte[] plain = new byte[Math.toIntExact(announced)];
    decompress(frame, offset, length, plain, 0, plain.length);
    return plain;
  }

  /// Allocates for what is there, and not for what is said to be.
  private static byte[] decompressAsItComes(byte[] frame, int offset, int length, int max) {
    try (ZstdInputStreamNoFinalizer in =
        new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(frame, offset, length))) {
      byte[] plain = in.readNBytes(max);
      if (in.read() >= 0) {
        throw tooLarge(max);
      }
      return plain;
    } catch (IOException e) {
      throw new Corrupt("compressed data is damaged", e);
    }
  }

  private static Corrupt otherSize(long foundBytes, long announcedBytes) {
    return new Corrupt(
        "compressed data holds "
            + foundBytes
            + " bytes where "
            + announcedBytes
            + " were announced");
  }

  private static Corrupt tooLarge(int maxPlainBytes) {
    return new Corrupt("compressed data holds more than " + maxPlainBytes + " bytes");
  }

  @Override
  public void close() {
    context.close();
  }
}
