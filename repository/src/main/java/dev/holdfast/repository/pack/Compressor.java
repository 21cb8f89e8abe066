package dev.holdfast.repository.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;

/// Makes single zstd frames with their content size and without a checksum, as restic does (format
/// sheet, section 5). One thread at a time.
public final class Compressor implements AutoCloseable {
  /// Level for everything that has none of its own: the best ratio before compression takes more
  /// time than all the rest together. Its window is 2 MiB.
  public static final int DEFAULT_LEVEL = 3;

  /// Level for short inputs, where the search of higher levels finds next to nothing more.
  public static final int SMALL_LEVEL = 1;

  /// Level for inputs of up to 128 KiB, which finds there what the default finds, in three quarters
  /// of the time.
  public static final int MEDIUM_LEVEL = 2;

  /// What restic's `max` comes to in zstd's own levels. Its window is 4 MiB, and a context takes at
  /// most 24 MiB, where level 19 would take four times that in each thread.
  public static final int MAX_LEVEL = 11;

  private final ZstdCompressCtx context = new ZstdCompressCtx();

  /// @param level zstd's level, at most [#MAX_LEVEL], which keeps windows below the 8 MiB that
  ///   every reader allows
  public Compressor(int level) {
    if (level < 1 || level > MAX_LEVEL) {
      throw new IllegalArgumentException("compression level " + level);
    }
    context.setLevel(level).setChecksum(false).setContentSize(true);
  }

  /// The most that [#compress] can make of `lengthBytes` bytes.
  public static int boundBytes(int lengthBytes) {
    return Math.toIntExact(Zstd.compressBound(lengthBytes));
  }

  /// Compresses into `out`, which has room for [#boundBytes], and returns the length of the frame.
  public int compress(byte[] plain, int offset, int length, byte[] out, int outOffset) {
    return context.compressByteArray(out, outOffset, out.length - outOffset, plain, offset, length);
  }

  @Override
  public void close() {
    context.close();
  }
}
