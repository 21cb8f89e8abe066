package dev.holdfast.repository.write;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.pack.BlobDecoder;
import dev.holdfast.repository.pack.Compressor;
import dev.holdfast.repository.pack.Decompressor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes of a plain blob the bytes that lie in a pack, and of those the plain blob again, to be
/// sure. Keeps what it needs from blob to blob. One thread at a time.
final class BlobEncoder implements AutoCloseable {
  /// Memory that is kept between blobs, for each of three buffers; what a larger blob needs is
  /// given back.
  static final int MAX_KEPT_BYTES = 9 << 20;

  /// Data up to this length is compressed with [Compressor#SMALL_LEVEL] by [Compression#AUTO], and
  /// data up to the next with [Compressor#MEDIUM_LEVEL]: zstd has other tables for inputs up to
  /// each of the two lengths, in which the lower level finds what the higher does. Decision 6 has
  /// the figures.
  private static final int MAX_SMALL_BYTES = 16 << 10;

  private static final int MAX_MEDIUM_BYTES = 128 << 10;

  /// Trees from this length on are the ids of large files, of which level 2 makes 34.5 bytes each,
  /// and level 3 makes 35.2 in more than twice the time.
  private static final int MIN_LARGE_TREE_BYTES = 1 << 20;

  private static final int FIRST_BYTES = 128 << 10;

  private final Hasher hasher = new Hasher();
  private final Sealer sealer;
  private final @Nullable Compressor treeCompressor;
  private final @Nullable Compressor largeTreeCompressor;
  private final @Nullable Compressor dataCompressor;
  private final @Nullable Compressor smallDataCompressor;
  private final @Nullable Compressor mediumDataCompressor;
  private final @Nullable Decompressor decompressor;

  // The frame on its way out, then again on its way back.
  private byte[] frame = new byte[FIRST_BYTES];
  private byte[] sealed = new byte[FIRST_BYTES];
  private byte[] readBack = new byte[FIRST_BYTES];

  private int sealedBytes;
  private int uncompressedBytes;

  /// @param sealer belongs to this encoder from now on
  /// @param compresses whether the repository's version has compression
  BlobEncoder(Sealer sealer, boolean compresses, Compression compression) {
    this.sealer = sealer;
    treeCompressor = compresses ? new Compressor(Compressor.DEFAULT_LEVEL) : null;
    decompressor = compresses ? new Decompressor() : null;
    dataCompressor =
        switch (compression) {
          case OFF -> null;
          case AUTO -> treeCompressor;
          case MAX -> compresses ? new Compressor(Compressor.MAX_LEVEL) : null;
        };
    boolean byLength = compresses && compression == Compression.AUTO;
    smallDataCompressor = byLength ? new Compressor(Compressor.SMALL_LEVEL) : dataCompressor;
    mediumDataCompressor = byLength ? new Compressor(Compressor.MEDIUM_LEVEL) : dataCompressor;
    largeTreeCompressor = byLength ? mediumDataCompressor : treeCompressor;
  }

  BlobId hash(byte[] data, int offset, int length) {
    return new BlobId(hasher.hash(data, offset, length));
  }

  /// Compresses, seals and verifies; the result is in [#sealed()] until the next call.
  ///
  /// @throws Corrupt if what was made does not read back as what was given
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if it is too large
  void encode(BlobHandle handle, byte[] data, int offset, int length) {
    BlobDecoder.requireReadable(handle, length);
    int frameBytes = compress(handle.type(), data, offset, length);
    boolean pays = frameBytes < length || handle.type() == BlobType.TREE;
    seal(handle, data, offset, length, pays ? frameBytes : 0);
  }

  /// As [#encode], but compressed even if that takes more room, as restic does: who asks for
  /// everything to be compressed is not to find something that is not each time anew.
  void encodeCompressed(BlobHandle handle, byte[] data, int offset, int length) {
    seal(handle, data, offset, length, compress(handle.type(), data, offset, length));
  }

  private void seal(BlobHandle handle, byte[] data, int offset, int length, int frameBytes) {
    uncompressedBytes = frameBytes == 0 ? 0 : length;
    int payloadBytes = frameBytes == 0 ? length : frameBytes;
    sealed = atLeast(sealed, payloadBytes + Sealer.OVERHEAD_BYTES);
    sealedBytes =
        frameBytes == 0
            ? sealer.seal(data, offset, length, sealed, 0)
            : sealer.seal(frame, 0, frameBytes, sealed, 0);
    verify(handle, data, offset, length);
  }

  byte[] sealed() {
    return sealed;
  }

  int sealedBytes() {
    return sealedBytes;
  }

  /// The plain length if the last blob was compressed, else zero.
  int uncompressedBytes() {
    return uncompressedBytes;
  }

  // Returns the length of the frame, or zero if there is no compression. A tree is always
  // compressed, since restic packs trees that are not again at every prune.
  private int compress(BlobType type, byte[] data, int offset, int length) {
    Compressor compressor =
        switch (type) {
          case DATA -> dataCompressor(length);
          case TREE -> length < MIN_LARGE_TREE_BYTES ? treeCompressor : largeTreeCompressor;
        };
    if (compressor == null) {
      return 0;
    }
    frame = atLeast(frame, Compressor.boundBytes(length));
    int frameBytes = compressor.compress(data, offset, length, frame, 0);
    if (frame.length > MAX_KEPT_BYTES) {
      frame = Arrays.copyOf(frame, frameBytes); // a large tree becomes a tenth
    }
    return frameBytes;
  }

  private @Nullable Compressor dataCompressor(int length) {
    if (length <= MAX_SMALL_BYTES) {
      return smallDataCompressor;
    }
    return length <= MAX_MEDIUM_BYTES ? mediumDataCompressor : dataCompressor;
  }

  private void verify(BlobHandle handle, byte[] data, int offset, int plainBytes) {
    readBack = atLeast(readBack, plainBytes);
    if (uncompressedBytes == 0 || decompressor == null) {
      sealer.open(sealed, 0, sealedBytes, readBack, 0);
    } else {
      int frameBytes = sealer.open(sealed, 0, sealedBytes, frame, 0);
      decompressor.decompress(frame, 0, frameBytes, readBack, 0, plainBytes);
    }
    if (!Arrays.equals(data, offset, offset + plainBytes, readBack, 0, plainBytes)) {
      throw changed(handle);
    }
  }

  /// Seals what is compressed already, and reads it back as far as it was made here: the frame. The
  /// caller has compared what it holds with the id.
  ///
  /// @throws Corrupt if what was made does not read back as what was given
  void encodeFrame(BlobHandle handle, byte[] given, int offset, int frameBytes, int plainBytes) {
    sealed = atLeast(sealed, frameBytes + Sealer.OVERHEAD_BYTES);
    readBack = atLeast(readBack, frameBytes);
    uncompressedBytes = plainBytes;
    sealedBytes = sealer.seal(given, offset, frameBytes, sealed, 0);
    sealer.open(sealed, 0, sealedBytes, readBack, 0);
    if (!Arrays.equals(given, offset, offset + frameBytes, readBack, 0, frameBytes)) {
      throw changed(handle);
    }
  }

  private static Corrupt changed(BlobHandle handle) {
    return new Corrupt(
        "blob " + handle + " does not read back as it was; this machine's memory may be faulty");
  }

  /// Gives back the memory that an unusually large blob took.
  void trim() {
    if (sealed.length > MAX_KEPT_BYTES
        || frame.length > MAX_KEPT_BYTES
        || readBack.length > MAX_KEPT_BYTES) {
      frame = new byte[FIRST_BYTES];
      sealed = new byte[FIRST_BYTES];
      readBack = new byte[FIRST_BYTES];
    }
  }

  private static byte[] atLeast(byte[] buffer, int bytes) {
    return bytes <= buffer.length
        ? buffer
        : new byte[Math.max(bytes, Math.min(2 * buffer.length, MAX_KEPT_BYTES))];
  }

  @Override
  public void close() {
    sealer.close();
    close(dataCompressor);
    close(smallDataCompressor);
    close(mediumDataCompressor);
    close(treeCompressor);
    if (decompressor != null) {
      decompressor.close();
    }
  }

  // Closing one twice, which several fields may share, is harmless.
  private static void close(@Nullable Compressor compressor) {
    if (compressor != null) {
      compressor.close();
    }
  }
}
