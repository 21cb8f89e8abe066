package dev.holdfast.repository.write;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.pack.BlobDecoder;
import dev.holdfast.repository.pack.Lending;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.ObjectStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;

/// Stores blobs. Thread-safe: hashing, compression, encryption and verification are done in the
/// calling threads, only full packs are published in the background.
///
/// *Order*: a pack is entered in an index only when it is durable, so an interruption at any moment
/// leaves whole packs, indexed or not, and nothing else (format sheet, section 11). After a failure
/// nothing more is written; every later call throws the first failure again.
///
/// *Memory*: two open packs of each of two types and the packs on their way, that is `(4 +
/// concurrentPublishes) * packSizeBytes` at most, outside Java's heap, 96 MiB as a rule and less
/// while there are few trees; for each calling thread three buffers of the largest blob it had, up
/// to 9 MiB each; and the index entries of at most [IndexWriter#MAX_BLOBS] blobs and one pack more.
public final class RepositoryWriter implements AutoCloseable {
  private final BlobIndex index;
  private final IndexWriter indexWriter;
  private final PackPublisher publisher;
  private final OpenPacks dataPacks;
  private final OpenPacks treePacks;
  private final Lending<BlobEncoder> encoders;
  private final WriterStatistics statistics = new WriterStatistics();

  /// Use [dev.holdfast.repository.Repository#writer]. One writer of an index at a time.
  ///
  /// @param compresses whether the repository's version has compression
  public RepositoryWriter(
      ObjectStore store,
      UnpackedFiles files,
      BlobIndex index,
      MasterKey key,
      boolean compresses,
      WriterOptions options,
      SecureRandom random,
      InstantSource clock) {
    this.index = index;
    indexWriter = new IndexWriter(index, files, options.gate(), clock);
    publisher = new PackPublisher(store, () -> new Sealer(key, random), indexWriter, options);
    dataPacks = new OpenPacks(publisher, random);
    treePacks = new OpenPacks(publisher, random);
    encoders =
        new Lending<>(
            () -> new BlobEncoder(new Sealer(key, random), compresses, options.compression()));
  }

  /// Stores a blob unless the repository has it. The bytes are not used after the return.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if this or an earlier background write
  ///   failed; the writer is of no use then and is to be closed
  /// @throws Cancelled if the thread is interrupted
  /// @throws IllegalArgumentException if the blob is empty
  public SavedBlob save(BlobType type, byte[] data, int offset, int lengthBytes) {
    Objects.checkFromIndexSize(offset, lengthBytes, data.length);
    if (lengthBytes == 0) {
      throw new IllegalArgumentException("a blob is never empty");
    }
    publisher.throwIfFailed();
    BlobEncoder encoder = encoders.borrow();
    try {
      return save(encoder, type, data, offset, lengthBytes);
    } catch (Throwable e) {
      // Others may count on the blob that this call had claimed.
      publisher.fail(e);
      throw e;
    } finally {
      encoder.trim();
      encoders.giveBack(encoder);
    }
  }

  private SavedBlob save(BlobEncoder encoder, BlobType type, byte[] data, int offset, int length) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("writing to the repository was interrupted");
    }
    BlobId id = encoder.hash(data, offset, length);
    BlobHandle handle = new BlobHandle(type, id);
    if (!index.claim(handle)) {
      statistics.addKnown(length);
      return new SavedBlob(id, false, 0);
    }
    encoder.encode(handle, data, offset, length);
    packs(type).append(handle, encoder);
    statistics.addNew(type, length, encoder.sealedBytes());
    return new SavedBlob(id, true, encoder.sealedBytes());
  }

  /// Stores another copy of a blob that the repository has: encoded anew, and compressed whatever
  /// the options say, if the repository's version has compression.
  public void saveAgain(BlobHandle handle, byte[] data, int offset, int lengthBytes) {
    publisher.throwIfFailed();
    BlobEncoder encoder = encoders.borrow();
    try {
      encoder.encodeCompressed(handle, data, offset, lengthBytes);
      packs(handle.type()).append(handle, encoder);
      statistics.addNew(handle.type(), lengthBytes, encoder.sealedBytes());
    } finally {
      encoder.trim();
      encoders.giveBack(encoder);
    }
  }

  /// Stores another copy of a blob of this repository, as it is sealed already. The caller has
  /// opened the seal and compared the content with the id.
  ///
  /// @param blob its lengths; where it lay does not matter
  public void copySealed(PackedBlob blob, byte[] sealed, int offset) {
    publisher.throwIfFailed();
    packs(blob.handle().type()).append(blob, sealed, offset);
    statistics.addNew(blob.handle().type(), BlobDecoder.plainLengthBytes(blob), blob.lengthBytes());
  }

  private OpenPacks packs(BlobType type) {
    return switch (type) {
      case DATA -> dataPacks;
      case TREE -> treePacks;
    };
  }

  /// Makes everything that was saved durable and findable: packs first, then the index. Not to be
  /// called while other threads save.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if this or an earlier write failed
  public void flush() {
    publisher.throwIfFailed();
    try {
      dataPacks.flush();
      treePacks.flush();
      publisher.await();
      indexWriter.flush();
    } catch (Throwable e) {
      publisher.fail(e);
      throw e;
    }
  }

  /// Whether the caller is to store the blob with one of the methods for what is claimed: the
  /// repository neither has it nor is about to have it. Who claims a blob and does not store it
  /// closes the writer.
  public boolean claim(BlobHandle handle) {
    return index.claim(handle);
  }

  /// Stores a blob that was claimed.
  ///
  /// @param data its plain bytes, which the caller has compared with its id
  public void saveClaimed(BlobHandle handle, byte[] data, int offset, int lengthBytes) {
    encodeClaimed(
        handle, lengthBytes, encoder -> encoder.encode(handle, data, offset, lengthBytes));
  }

  /// Stores a blob that was claimed and is compressed already, in a repository of a version that
  /// has compression.
  ///
  /// @param frame holds the compressed bytes; the caller has compared their content with its id
  /// @param plainBytes length of the content
  public void saveClaimedFrame(
      BlobHandle handle, byte[] frame, int offset, int frameBytes, int plainBytes) {
    encodeClaimed(
        handle,
        plainBytes,
        encoder -> encoder.encodeFrame(handle, frame, offset, frameBytes, plainBytes));
  }

  private void encodeClaimed(BlobHandle handle, int plainBytes, Consumer<BlobEncoder> encode) {
    publisher.throwIfFailed();
    BlobEncoder encoder = encoders.borrow();
    try {
      encode.accept(encoder);
      OpenPacks packs =
          switch (handle.type()) {
            case DATA -> dataPacks;
            case TREE -> treePacks;
          };
      packs.append(handle, encoder);
      statistics.addNew(handle.type(), plainBytes, encoder.sealedBytes());
    } catch (Throwable e) {
      publisher.fail(e); // others count on what was claimed
      throw e;
    } finally {
      encoder.trim();
      encoders.giveBack(encoder);
    }
  }

  /// What was done so far, for progress and the snapshot's summary.
  public WriterStatistics statistics() {
    return statistics;
  }

  /// Ends the writer. What was not flushed is given up: the repository keeps at most packs that
  /// nothing refers to. Returns when no thread of the writer runs any more.
  @Override
  public void close() {
    publisher.stop();
    index.releaseAll();
    encoders.close();
  }
}
