package dev.holdfast.repository.pack;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The repository's small encrypted files: config, snapshots, indexes, locks (format sheet,
/// sections 1, 3, 5). Thread-safe.
public final class UnpackedFiles implements AutoCloseable {
  /// The largest plain content that is read or written. restic keeps index files near 8 MiB; some
  /// of older versions, written by a rebuild, are several times that.
  public static final int MAX_PLAIN_BYTES = ObjectStore.MAX_GET_BYTES;

  private static final byte COMPRESSED = 2;

  private final ObjectStore store;
  private final boolean compresses;
  private final Lending<Tools> tools;

  /// @param compresses whether the repository's version has compression
  public UnpackedFiles(ObjectStore store, MasterKey key, SecureRandom random, boolean compresses) {
    this.store = store;
    this.compresses = compresses;
    this.tools = new Lending<>(() -> new Tools(new Sealer(key, random)));
  }

  /// The plain content of a file: its name checked against its bytes, decrypted, decompressed. A
  /// file that does not match its name is read once more, since the path to it may be at fault.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.NotFound if there is none
  /// @throws Corrupt if it is damaged
  public byte[] load(ObjectKey key) {
    return open(key, stored(key));
  }

  /// The bytes of a file as they are stored, its name checked against them; read once more if it
  /// does not match.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.NotFound if there is none
  /// @throws Corrupt if what is there is not, or not yet, the file of that name
  public byte[] stored(ObjectKey key) {
    byte[] stored = store.get(key);
    if (!matches(key, stored)) {
      stored = store.get(key);
      if (!matches(key, stored)) {
        throw new Corrupt(key + " is damaged: its content does not match its name");
      }
    }
    return stored;
  }

  /// The plain content of a file that has the bytes `stored`.
  ///
  /// @throws Corrupt if it is damaged
  public byte[] open(ObjectKey key, byte[] stored) {
    Tools borrowed = tools.borrow();
    try {
      return open(borrowed, key.type(), stored);
    } catch (Corrupt e) {
      throw new Corrupt(key + " is damaged: " + e.getMessage(), e);
    } finally {
      tools.giveBack(borrowed);
    }
  }

  /// Compresses, encrypts, verifies and publishes a file; returns its name. Durable on return. The
  /// config, which has no name of its own, is replaced.
  public ObjectKey save(ObjectType type, byte[] plain) {
    if (plain.length > MAX_PLAIN_BYTES) {
      throw new Rejected(
          type.folder() + " file of " + plain.length + " bytes is too large",
          "at most " + MAX_PLAIN_BYTES + " bytes are allowed");
    }
    byte[] sealed = seal(type, plain);
    ObjectKey key =
        type == ObjectType.CONFIG ? ObjectKey.CONFIG : new ObjectKey(type, Hasher.of(sealed));
    store.put(key, ByteBuffer.wrap(sealed));
    return key;
  }

  private byte[] seal(ObjectType type, byte[] plain) {
    Tools borrowed = tools.borrow();
    try {
      byte[] content = isCompressed(type) ? borrowed.compress(plain) : plain;
      byte[] sealed = borrowed.sealer.seal(content);
      if (!Arrays.equals(open(borrowed, type, sealed), plain)) {
        throw new Corrupt("new " + type.folder() + " file does not read back as it was written");
      }
      return sealed;
    } finally {
      tools.giveBack(borrowed);
    }
  }

  private byte[] open(Tools borrowed, ObjectType type, byte[] sealed) {
    byte[] content = borrowed.sealer.open(sealed);
    if (type == ObjectType.CONFIG) {
      return content;
    }
    // Whatever the version was when the repository was opened: another process may have migrated it
    // since, and has written compressed files then.
    int first = content.length == 0 ? -1 : content[0];
    return switch (first) {
      case COMPRESSED ->
          borrowed.decompressor().decompress(content, 1, content.length - 1, MAX_PLAIN_BYTES);
      case '{', '[' -> content;
      default -> throw new Corrupt("first byte " + first + " is no known encoding");
    };
  }

  private boolean isCompressed(ObjectType type) {
    return compresses && type != ObjectType.CONFIG;
  }

  private static boolean matches(ObjectKey key, byte[] stored) {
    return key.type() == ObjectType.CONFIG || key.hash().equals(Hasher.of(stored));
  }

  /// Forgets the keys.
  @Override
  public void close() {
    tools.close();
  }

  /// What one thread needs. The compression library is loaded at first use, because opening a
  /// repository to list its keys needs none.
  private static final class Tools implements AutoCloseable {
    private final Sealer sealer;
    private @Nullable Compressor compressor;
    private @Nullable Decompressor decompressor;

    Tools(Sealer sealer) {
      this.sealer = sealer;
    }

    byte[] compress(byte[] plain) {
      if (compressor == null) {
        compressor = new Compressor(Compressor.DEFAULT_LEVEL);
      }
      byte[] out = new byte[1 + Compressor.boundBytes(plain.length)];
      out[0] = COMPRESSED;
      int length = compressor.compress(plain, 0, plain.length, out, 1);
      return Arrays.copyOf(out, 1 + length);
    }

    Decompressor decompressor() {
      if (decompressor == null) {
        decompressor = new Decompressor();
      }
      return decompressor;
    }

    @Override
    public void close() {
      sealer.close();
      if (compressor != null) {
        compressor.close();
      }
      if (decompressor != null) {
        decompressor.close();
      }
    }
  }
}
