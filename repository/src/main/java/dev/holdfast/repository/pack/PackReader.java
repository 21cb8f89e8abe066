package dev.holdfast.repository.pack;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackHeader;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;

/// Reads packs by ranges: headers and blobs (format sheet, section 4). Thread-safe.
public final class PackReader implements AutoCloseable {
  /// What [#readBlobs] found at the place of each blob.
  public interface BlobVisitor {
    /// The blob's plain bytes, hash verified: the first `lengthBytes` of an array that is used
    /// again as soon as this returns.
    void blob(PackedBlob blob, byte[] plain, int lengthBytes);

    /// The same with the blob's sealed bytes as they lie in the pack, from `offset` of another
    /// array that is used again: for those who copy them.
    default void blob(
        PackedBlob blob, byte[] sealed, int offset, byte[] plain, int plainLengthBytes) {
      blob(blob, plain, plainLengthBytes);
    }

    /// The blob is damaged or cannot be read.
    void damaged(PackedBlob blob, HoldfastException cause);
  }

  /// Unwanted bytes between two blobs up to which one request is cheaper than two.
  public static final int MAX_GAP_BYTES = 128 << 10;

  /// The most that one request asks for, unless a single blob is longer.
  public static final int MAX_RANGE_BYTES = 4 << 20;

  /// restic reads the length field and this many entries at once; most packs of files need no
  /// second request.
  private static final int EAGER_ENTRIES = 15;

  private static final int EAGER_BYTES =
      EAGER_ENTRIES * PackHeader.COMPRESSED_ENTRY_BYTES
          + Sealer.OVERHEAD_BYTES
          + PackHeader.LENGTH_FIELD_BYTES;

  private static final int MIN_SEALED_HEADER_BYTES = PackHeader.ENTRY_BYTES + Sealer.OVERHEAD_BYTES;

  private final ObjectStore store;
  private final Lending<BlobDecoder> decoders;
  private final Lending<Sealer> sealers;
  private final Lending<RangeBuffers> buffers = new Lending<>(RangeBuffers::new);

  public PackReader(ObjectStore store, MasterKey key, SecureRandom random) {
    this.store = store;
    this.decoders = new Lending<>(() -> new BlobDecoder(key, random));
    this.sealers = new Lending<>(() -> new Sealer(key, random));
  }

  /// The key of a pack in the store.
  public static ObjectKey key(PackId pack) {
    return new ObjectKey(ObjectType.PACK, pack.hash());
  }

  /// The blobs that the pack itself says it holds, by ascending offset.
  ///
  /// @param packLengthBytes the pack's length in the store
  /// @throws Corrupt if the header cannot be believed
  public List<PackedBlob> readHeader(PackId pack, long packLengthBytes) {
    try {
      byte[] sealed = readSealedHeader(pack, packLengthBytes);
      return PackHeader.decode(open(sealed), packLengthBytes);
    } catch (Corrupt e) {
      throw new Corrupt(
          "header of pack " + pack.hash().toShortHex() + " is damaged: " + e.getMessage(), e);
    }
  }

  private byte[] readSealedHeader(PackId pack, long packLengthBytes) {
    if (packLengthBytes < MIN_SEALED_HEADER_BYTES + PackHeader.LENGTH_FIELD_BYTES) {
      throw new Corrupt("a pack of " + packLengthBytes + " bytes is too short");
    }
    byte[] tail = new byte[Math.toIntExact(Math.min(EAGER_BYTES, packLengthBytes))];
    store.read(key(pack), packLengthBytes - tail.length, ByteBuffer.wrap(tail));
    int headerEnd = tail.length - PackHeader.LENGTH_FIELD_BYTES;
    long length =
        Integer.toUnsignedLong(Integer.reverseBytes(ByteBuffer.wrap(tail).getInt(headerEnd)));
    if (length < MIN_SEALED_HEADER_BYTES
        || length > PackHeader.MAX_SEALED_BYTES
        || length > packLengthBytes - PackHeader.LENGTH_FIELD_BYTES) {
      throw new Corrupt("header length of " + length + " bytes is out of range");
    }
    byte[] sealed = new byte[Math.toIntExact(length)];
    int known = Math.min(sealed.length, headerEnd);
    System.arraycopy(tail, headerEnd - known, sealed, sealed.length - known, known);
    if (known < sealed.length) {
      long start = packLengthBytes - PackHeader.LENGTH_FIELD_BYTES - length;
      store.read(key(pack), start, ByteBuffer.wrap(sealed, 0, sealed.length - known));
    }
    return sealed;
  }

  private byte[] open(byte[] sealed) {
    Sealer sealer = sealers.borrow();
    try {
      return sealer.open(sealed);
    } finally {
      sealers.giveBack(sealer);
    }
  }

  /// The plain bytes of one blob, authenticated, decompressed and compared with its id.
  ///
  /// @throws Corrupt if it is damaged
  public byte[] readBlob(PackId pack, PackedBlob blob) {
    BlobDecoder.checkLengths(pack, blob);
    BlobDecoder decoder = decoders.borrow();
    try {
      byte[] sealed = new byte[blob.lengthBytes()];
      if (blob.handle().type() == BlobType.TREE) {
        store.readAndKeep(key(pack), blob.offset(), ByteBuffer.wrap(sealed));
      } else {
        store.read(key(pack), blob.offset(), ByteBuffer.wrap(sealed));
      }
      try {
        return decoder.decode(pack, blob, sealed, 0);
      } catch (Corrupt e) {
        // The way here may be at fault, or a copy that was kept.
        store.read(key(pack), blob.offset(), ByteBuffer.wrap(sealed));
        return decoder.decode(pack, blob, sealed, 0);
      }
    } finally {
      decoders.giveBack(decoder);
    }
  }

  /// Reads `blobs`, which are in ascending order of offset, with as few requests as their gaps
  /// allow, and calls the visitor once for each, in order, in this thread.
  ///
  /// @throws Cancelled if the thread is interrupted
  public void readBlobs(PackId pack, List<PackedBlob> blobs, BlobVisitor visitor) {
    BlobDecoder decoder = decoders.borrow();
    RangeBuffers borrowed = buffers.borrow();
    try {
      Reading reading = new Reading(pack, decoder, borrowed, visitor);
      int from = 0;
      while (from < blobs.size()) {
        int to = rangeEnd(blobs, from);
        reading.readRange(blobs.subList(from, to));
        from = to;
      }
    } finally {
      buffers.giveBack(borrowed);
      decoders.giveBack(decoder);
    }
  }

  /// The index after the last blob that one request with the blob at `from` should fetch.
  public static int rangeEnd(List<PackedBlob> blobs, int from) {
    long start = blobs.get(from).offset();
    int to = from + 1;
    while (to < blobs.size()) {
      PackedBlob before = blobs.get(to - 1);
      PackedBlob next = blobs.get(to);
      if (next.offset() < before.offset()) {
        throw new IllegalArgumentException("blobs are not in order: " + before + ", " + next);
      }
      if (next.offset() - before.endOffset() > MAX_GAP_BYTES
          || next.endOffset() - start > MAX_RANGE_BYTES) {
        break;
      }
      to++;
    }
    return to;
  }

  /// One call of [#readBlobs].
  private final class Reading {
    private final PackId pack;
    private final BlobDecoder decoder;
    private final RangeBuffers memory;
    private final BlobVisitor visitor;

    Reading(PackId pack, BlobDecoder decoder, RangeBuffers memory, BlobVisitor visitor) {
      this.pack = pack;
      this.decoder = decoder;
      this.memory = memory;
      this.visitor = visitor;
    }

    void readRange(List<PackedBlob> blobs) {
      long start = blobs.getFirst().offset();
      byte[] bytes;
      try {
        BlobDecoder.checkLengths(pack, blobs.getFirst());
        int length = Math.toIntExact(blobs.getLast().endOffset() - start);
        bytes = memory.sealed(length);
        store.read(key(pack), start, ByteBuffer.wrap(bytes, 0, length));
      } catch (Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        readOneByOne(blobs, e);
        return;
      }
      for (PackedBlob blob : blobs) {
        visit(blob, bytes, Math.toIntExact(blob.offset() - start));
      }
    }

    // A pack that was cut short still has its first blobs.
    private void readOneByOne(List<PackedBlob> blobs, HoldfastException cause) {
      for (PackedBlob blob : blobs) {
        if (blobs.size() == 1 || !(cause instanceof Corrupt || cause instanceof Unsupported)) {
          visitor.damaged(blob, cause);
        } else {
          readRange(List.of(blob));
        }
      }
    }

    /// A blob that is damaged is read once more: the way here may be at fault.
    private int decoded(PackedBlob blob, byte[] bytes, int at, byte[] plain) {
      try {
        return decoder.decode(pack, blob, bytes, at, plain, 0);
      } catch (Corrupt e) {
        store.read(key(pack), blob.offset(), ByteBuffer.wrap(bytes, at, blob.lengthBytes()));
        return decoder.decode(pack, blob, bytes, at, plain, 0);
      }
    }

    private void visit(PackedBlob blob, byte[] bytes, int at) {
      byte[] plain;
      int length;
      try {
        plain = memory.plain(BlobDecoder.checkLengths(pack, blob));
        length = decoded(blob, bytes, at, plain);
      } catch (Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        visitor.damaged(blob, e);
        return;
      }
      visitor.blob(blob, bytes, at, plain, length);
    }
  }

  @Override
  public void close() {
    decoders.close();
    sealers.close();
    buffers.close();
  }
}
