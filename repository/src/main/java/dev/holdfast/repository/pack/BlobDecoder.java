package dev.holdfast.repository.pack;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// Turns the sealed bytes of a blob into its plain bytes, and believes nothing: the seal, the
/// length and the hash are checked (format sheet, sections 2, 4 and 5). One thread at a time.
public final class BlobDecoder implements AutoCloseable {
  /// The largest blob that is read. restic cuts data below 8 MiB; the tree of a folder with a
  /// million entries is about this large.
  public static final int MAX_PLAIN_BYTES = 512 << 20;

  /// Scratch memory that is kept between blobs; what a larger one needs is given back.
  private static final int MAX_KEPT_SCRATCH_BYTES = 16 << 20;

  private static final int FIRST_SCRATCH_BYTES = 64 << 10;

  private final Sealer sealer;
  private final Hasher hasher = new Hasher();
  private final Decompressor decompressor = new Decompressor();
  private byte[] scratch = new byte[FIRST_SCRATCH_BYTES];

  /// @param random for the sealer, which draws nothing from it to open
  public BlobDecoder(MasterKey key, SecureRandom random) {
    sealer = new Sealer(key, random);
  }

  /// Length of the blob's plain bytes, as the index or the header has it.
  public static int plainLengthBytes(PackedBlob blob) {
    return blob.isCompressed()
        ? blob.uncompressedLengthBytes()
        : Math.max(0, blob.lengthBytes() - Sealer.OVERHEAD_BYTES);
  }

  /// Decodes into a new array.
  ///
  /// @param pack for messages
  /// @param sealed holds the blob's sealed bytes from `offset`
  /// @throws Corrupt if the blob is damaged
  public byte[] decode(PackId pack, PackedBlob blob, byte[] sealed, int offset) {
    byte[] plain = new byte[checkLengths(pack, blob)];
    decode(pack, blob, sealed, offset, plain, 0);
    return plain;
  }

  /// Decodes into `out`, which has room for [#plainLengthBytes], and returns that length. `out` may
  /// hold anything if this fails.
  public int decode(
      PackId pack, PackedBlob blob, byte[] sealed, int offset, byte[] out, int outOffset) {
    int plainLength = checkLengths(pack, blob);
    try {
      if (blob.isCompressed()) {
        byte[] frame = scratch(blob.lengthBytes() - Sealer.OVERHEAD_BYTES);
        int length = sealer.open(sealed, offset, blob.lengthBytes(), frame, 0);
        decompressor.decompress(frame, 0, length, out, outOffset, plainLength);
      } else {
        sealer.open(sealed, offset, blob.lengthBytes(), out, outOffset);
      }
      Hash hash = hasher.hash(out, outOffset, plainLength);
      if (!hash.equals(blob.handle().id().hash())) {
        throw new Corrupt("its content has the hash " + hash.toShortHex());
      }
      return plainLength;
    } catch (Corrupt e) {
      throw damaged(pack, blob, e.getMessage(), e);
    }
  }

  /// The length of the blob's plain bytes.
  ///
  /// @throws Corrupt if what the index or the header says of its lengths cannot be
  /// @throws Unsupported if there is not the memory for it
  public static int checkLengths(PackId pack, PackedBlob blob) {
    if (blob.lengthBytes() <= Sealer.OVERHEAD_BYTES) {
      throw damaged(pack, blob, "a length of " + blob.lengthBytes() + " bytes is too short", null);
    }
    int plainLength = plainLengthBytes(blob);
    int larger = Math.max(plainLength, blob.lengthBytes());
    long most = maxPlainBytes(blob.handle().type());
    if (larger > most) {
      throw new Unsupported(
          name(pack, blob) + " holds " + larger + " bytes",
          "blobs of up to " + most + " bytes are read with the memory at hand");
    }
    return plainLength;
  }

  /// Refuses a blob that could not be read again.
  ///
  /// @throws Unsupported if there is not the memory for it
  public static void requireReadable(BlobHandle handle, int plainBytes) {
    long most = maxPlainBytes(handle.type());
    if (plainBytes > most) {
      throw new Unsupported(
          "a %s of %d bytes is too large to be stored"
              .formatted(
                  handle.type() == BlobType.TREE ? "folder's list of entries" : "piece of a file",
                  plainBytes),
          "up to " + most + " bytes are read again with the memory at hand");
    }
  }

  // A blob is in memory up to three times, sealed, compressed and plain, and must not take what
  // everything else needs. Nobody cuts data into blobs so large, but large folders have large
  // trees.
  private static long maxPlainBytes(BlobType type) {
    int share =
        switch (type) {
          case DATA -> 8;
          case TREE -> 4;
        };
    return Math.min(MAX_PLAIN_BYTES, Runtime.getRuntime().maxMemory() / share);
  }

  private byte[] scratch(int bytes) {
    if (bytes > MAX_KEPT_SCRATCH_BYTES) {
      return new byte[bytes];
    }
    if (bytes > scratch.length) {
      scratch = new byte[Math.max(bytes, Math.min(2 * scratch.length, MAX_KEPT_SCRATCH_BYTES))];
    }
    return scratch;
  }

  private static Corrupt damaged(
      PackId pack, PackedBlob blob, @Nullable String why, @Nullable Throwable cause) {
    return new Corrupt(name(pack, blob) + " is damaged: " + why, cause);
  }

  private static String name(PackId pack, PackedBlob blob) {
    return "blob " + blob.handle() + " in pack " + pack.hash().toShortHex();
  }

  @Override
  public void close() {
    sealer.close();
    decompressor.close();
  }
}
