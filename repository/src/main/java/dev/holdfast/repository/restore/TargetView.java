package dev.holdfast.repository.restore;

import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Node;
import java.time.OffsetDateTime;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is in the target before the restore. Changes nothing. One thread only.
final class TargetView {
  /// How much of a file's content is there.
  ///
  /// @param kind whether anything is
  /// @param blobs for [Kind#PARTLY]: which blobs are at their places
  record Match(Kind kind, BitSet blobs) {
    /// Nothing of use: the file is made anew.
    static final Match NONE = new Match(Kind.NONE, new BitSet());

    /// All of it: only metadata is set.
    static final Match WHOLE = new Match(Kind.WHOLE, new BitSet());

    enum Kind {
      NONE,
      PARTLY,
      WHOLE
    }

    boolean isWhole() {
      return kind == Kind.WHOLE;
    }

    /// Whether the existing file is written into.
    boolean isUpdate() {
      return kind == Kind.PARTLY;
    }

    boolean hasBlob(int number) {
      return kind == Kind.PARTLY && blobs.get(number);
    }
  }

  private final DirectoryHandles directories;
  private final ExistingFile existingFile;
  private final Reporter reporter;

  TargetView(DirectoryHandles directories, ExistingFile existingFile, Reporter reporter) {
    this.directories = directories;
    this.existingFile = existingFile;
    this.reporter = reporter;
  }

  /// What `name` is, or null if there is no such thing.
  @Nullable FileStat stat(PlannedDirectory directory, String name) {
    if (!directory.existed()) {
      return null;
    }
    try {
      return Posix.fstatat(directories.open(directory), name, OpenFlag.AT_SYMLINK_NOFOLLOW);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        // What keeps it from being looked at will keep it from being written, and be reported.
        reporter.warning(directory.path(name), "cannot look at what is there: " + e.getMessage());
      }
      return null;
    }
  }

  /// Whether `name` is a directory, not a link to one.
  boolean hasDirectory(PlannedDirectory directory, String name) {
    FileStat stat = stat(directory, name);
    return stat != null && stat.isDirectory();
  }

  /// The names in a directory; none if it does not exist.
  List<String> names(PlannedDirectory directory) {
    if (!directory.existed()) {
      return List.of();
    }
    try {
      return Posix.readDirectory(directories.open(directory)).stream().map(DirEntry::name).toList();
    } catch (PosixException e) {
      reporter.error(directory.path(), "cannot list what is there: " + e.getMessage());
      return List.of();
    }
  }

  /// What the target has of a file of `sizeBytes` with this content.
  Match compare(
      PlannedDirectory directory,
      Node node,
      BlobIds content,
      long sizeBytes,
      RestoreOptions options) {
    FileStat existing = stat(directory, node.name());
    if (existing == null || !existing.isRegular() || isSharedByOthers(existing, node)) {
      return Match.NONE;
    }
    boolean sameSize = existing.sizeBytes() == sizeBytes;
    if (options.overwrite() == Overwrite.IF_CHANGED && sameSize && isSameTime(node, existing)) {
      return Match.WHOLE;
    }
    try {
      BitSet blobs = readMatches(directory, node.name(), content);
      if (sameSize && blobs.cardinality() == content.size()) {
        return Match.WHOLE;
      }
      // Of a file with several names none may change but the one that is restored.
      boolean useful = !blobs.isEmpty() && existing.links() == 1;
      return useful ? new Match(Match.Kind.PARTLY, blobs) : Match.NONE;
    } catch (PosixException unreadable) {
      return Match.NONE;
    }
  }

  /// Whether the file has other names that the snapshot knows nothing of, perhaps outside the
  /// target: neither its content nor its mode may change.
  private static boolean isSharedByOthers(FileStat existing, Node node) {
    return existing.links() > 1 && node.links() <= 1;
  }

  private BitSet readMatches(PlannedDirectory directory, String name, BlobIds content)
      throws PosixException {
    int fd = ExistingFile.open(directories.open(directory), name);
    try {
      return existingFile.matches(fd, content);
    } finally {
      DirectoryHandles.closeQuietly(fd);
    }
  }

  private static boolean isSameTime(Node node, FileStat existing) {
    OffsetDateTime time = node.modificationTime();
    return time.toEpochSecond() == existing.mtimeSeconds()
        && time.getNano() == existing.mtimeNanos();
  }
}
