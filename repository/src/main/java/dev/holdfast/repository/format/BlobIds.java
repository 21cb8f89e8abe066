package dev.holdfast.repository.format;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// The content of a file: an immutable list of blob ids, 32 bytes each without objects, because a
/// database of a few gigabytes has hundreds of thousands of them.
public final class BlobIds {
  /// No blobs: the content of an empty file.
  public static final BlobIds EMPTY = new BlobIds(new long[0]);

  private static final int WORDS = Hash.BYTES / Long.BYTES;

  private final long[] words;

  private BlobIds(long[] words) {
    this.words = words;
  }

  public static BlobIds of(BlobId... ids) {
    Builder builder = new Builder(ids.length);
    for (BlobId id : ids) {
      builder.add(id);
    }
    return builder.build();
  }

  /// The ids of all lists, one after the other.
  public static BlobIds concat(List<BlobIds> lists) {
    int size = 0;
    for (BlobIds list : lists) {
      size = Math.addExact(size, list.words.length);
    }
    long[] words = new long[size];
    int at = 0;
    for (BlobIds list : lists) {
      System.arraycopy(list.words, 0, words, at, list.words.length);
      at += list.words.length;
    }
    return size == 0 ? EMPTY : new BlobIds(words);
  }

  /// The ids from index `from` to before `to`.
  public BlobIds slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return new BlobIds(Arrays.copyOfRange(words, from * WORDS, to * WORDS));
  }

  public int size() {
    return words.length / WORDS;
  }

  public boolean isEmpty() {
    return words.length == 0;
  }

  /// The id at `index`.
  ///
  /// @throws IndexOutOfBoundsException if there is none
  public BlobId get(int index) {
    int at = Math.multiplyExact(index, WORDS);
    return new BlobId(new Hash(words[at], words[at + 1], words[at + 2], words[at + 3]));
  }

  public void forEach(Consumer<BlobId> action) {
    for (int i = 0; i < size(); i++) {
      action.accept(get(i));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlobIds that && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return size() + " blobs";
  }

  /// Collects ids in order, or by position when several threads find them out of order (each
  /// position by one thread, and a happens-before edge to [#build()]). Not thread-safe otherwise.
  public static final class Builder {
    private long[] words;
    private int size;

    public Builder(int expected) {
      words = new long[Math.multiplyExact(Math.max(expected, 1), WORDS)];
    }

    /// A builder with `size` positions to be filled by [#set].
    public static Builder ofSize(int size) {
      Builder builder = new Builder(size);
      builder.size = size;
      return builder;
    }

    public void add(BlobId id) {
      if ((size + 1) * WORDS > words.length) {
        words = Arrays.copyOf(words, Math.multiplyExact(words.length, 2));
      }
      size++;
      set(size - 1, id);
    }

    public void set(int index, BlobId id) {
      int at = index * WORDS;
      words[at] = id.hash().w0();
      words[at + 1] = id.hash().w1();
      words[at + 2] = id.hash().w2();
      words[at + 3] = id.hash().w3();
    }

    public BlobIds build() {
      return size == 0 ? EMPTY : new BlobIds(Arrays.copyOf(words, size * WORDS));
    }
  }
}
