package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.index.BlobLocation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Counts what snapshots hold, in the ways of restic's `stats`. One count each.
public final class Statistics {
  /// What is counted.
  public enum Mode {
    /// What a restore writes, hard links once in each snapshot.
    RESTORE_SIZE("restore-size"),
    /// Files of different content, each once.
    FILES_BY_CONTENTS("files-by-contents"),
    /// Blobs, each once in every file.
    BLOBS_PER_FILE("blobs-per-file"),
    /// Blobs as they are stored, each once.
    RAW_DATA("raw-data");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    /// Restic's word.
    public String word() {
      return word;
    }

    public static Mode parse(String word) {
      for (Mode mode : values()) {
        if (mode.word.equals(word)) {
          return mode;
        }
      }
      throw new HoldfastException.Rejected(
          "'" + word + "' is no way to count",
          "the words are restore-size, files-by-contents, blobs-per-file and raw-data");
    }
  }

  /// The numbers; those that the mode does not count are zero.
  ///
  /// @param uncompressedBytes of the blobs, as if none were compressed
  /// @param compressedBytes what compressed blobs take
  /// @param compressedPlainBytes what those would take without
  public record Result(
      int snapshots,
      long bytes,
      long files,
      long blobs,
      long uncompressedBytes,
      long compressedBytes,
      long compressedPlainBytes) {}

  private record Inode(long device, long inode) {}

  private final Repository repository;
  private final PlainLengths lengths;
  private final Mode mode;
  private final Set<Hash> contents = new HashSet<>();
  private final Map<String, Set<BlobId>> blobsOfFiles = new HashMap<>();
  private final HandleSet blobs = new HandleSet();
  private long bytes;
  private long files;
  private long blobCount;

  public Statistics(Repository repository, Mode mode) {
    this.repository = repository;
    this.lengths = new PlainLengths(repository);
    this.mode = mode;
  }

  /// Counts over all of the snapshots together.
  public Result of(List<SnapshotView> snapshots) {
    Walker walker = new Walker(repository);
    for (SnapshotView snapshot : snapshots) {
      if (mode == Mode.RAW_DATA) {
        collect(walker.treeAt(new SnapshotPath(snapshot, "/")));
      } else {
        Set<Inode> links = new HashSet<>();
        walker.walk(
            new SnapshotPath(snapshot, "/"),
            entry -> {
              count(entry, links);
              return true;
            });
      }
    }
    return mode == Mode.RAW_DATA
        ? rawData(snapshots.size())
        : new Result(snapshots.size(), bytes, files, blobCount, 0, 0, 0);
  }

  private void count(EntryView entry, Set<Inode> links) {
    Node node = entry.node();
    switch (mode) {
      case RESTORE_SIZE -> {
        files++;
        boolean single = node.links() == 1 || node.isDirectory() || node.inode() == 0;
        if (single || links.add(new Inode(node.deviceId(), node.inode()))) {
          bytes += node.sizeBytes();
        }
      }
      case FILES_BY_CONTENTS -> {
        if (contents.add(digest(content(node)))) {
          files++;
          bytes += node.sizeBytes();
        }
      }
      case BLOBS_PER_FILE -> {
        if (contents.add(digest(content(node)))) {
          content(node).forEach(id -> countBlob(entry.path(), id));
        }
      }
      case RAW_DATA -> {}
    }
  }

  private static BlobIds content(Node node) {
    BlobIds content = node.content();
    return content == null ? BlobIds.EMPTY : content;
  }

  /// Stands for a file's content: the hash of its blobs' ids, as in restic.
  private static Hash digest(BlobIds content) {
    Hasher hasher = new Hasher();
    content.forEach(id -> hasher.update(id.hash().toBytes(), 0, Hash.BYTES));
    return hasher.end();
  }

  private void countBlob(String path, BlobId id) {
    Set<BlobId> seen =
        blobsOfFiles.computeIfAbsent(
            path,
            key -> {
              files++;
              return new HashSet<>();
            });
    if (seen.add(id)) {
      blobCount++;
      bytes += Math.max(0, lengths.of(new BlobHandle(BlobType.DATA, id)));
    }
  }

  private void collect(BlobId tree) {
    if (!blobs.add(BlobType.TREE, tree)) {
      return;
    }
    for (Node node : repository.loadTree(tree).nodes()) {
      content(node).forEach(id -> blobs.add(BlobType.DATA, id));
      BlobId subtree = node.subtree();
      if (node.isDirectory() && subtree != null) {
        collect(subtree);
      }
    }
  }

  private Result rawData(int snapshots) {
    boolean compresses = repository.config().compresses();
    RawSums sums = new RawSums();
    blobs.forEach(handle -> {
      BlobLocation location = repository.index().find(handle);
      if (location == null) {
        throw new HoldfastException.Corrupt("blob " + handle + " is not in the index");
      }
      sums.add(location, compresses);
    });
    return new Result(
        snapshots, sums.stored, 0, blobs.size(), sums.plain, sums.compressed, sums.compressedPlain);
  }

  private static final class RawSums {
    private long stored;
    private long plain;
    private long compressed;
    private long compressedPlain;

    void add(BlobLocation location, boolean compresses) {
      long length = location.blob().lengthBytes();
      long without = PlainLengths.of(location) + Sealer.OVERHEAD_BYTES;
      stored += length;
      plain += compresses ? without : 0;
      if (location.blob().isCompressed()) {
        compressed += length;
        compressedPlain += without;
      }
    }
  }
}
