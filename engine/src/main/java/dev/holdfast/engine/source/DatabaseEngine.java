package dev.holdfast.engine.source;

import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A kind of database that lives in a file and is recognized by its content. One implementation for
/// each kind, named in the composition root. Thread-safe.
public interface DatabaseEngine {
  /// Bytes from the start of a file that [#recognizes] wants to see, at most.
  int HEAD_BYTES = 4096;

  /// The kind's name for messages and the manifest, such as `sqlite`.
  String name();

  /// Whether a file is such a database, by its first bytes: `length` of them from `head[0]`, fewer
  /// than [#HEAD_BYTES] only if the file is that short.
  boolean recognizes(byte[] head, int length);

  /// Whether the regular file at `path` is such a database, by everything that can be seen of it,
  /// the files beside it included. Unlike any other way to open the file, this may be called while
  /// it is open here as a database.
  ///
  /// @param path absolute, in the form of [dev.holdfast.posix.OsString]
  /// @throws IOException if it cannot be read
  boolean recognizes(String path) throws IOException;

  /// What the names of the files beside a database end in that belong to its state, such as `-wal`.
  /// They are never stored with a database, and no other code may open them, or the database, while
  /// it is open here: closing any descriptor of a file drops the process's POSIX locks on it.
  List<String> sidecarSuffixes();

  /// Whether whoever opens a database next would take the file beside it for a part of its state,
  /// such as a log whose commits it lacks. Where another state is put in the place of a database,
  /// that would change it or destroy it.
  ///
  /// @param sidecar path of a file with one of the [#sidecarSuffixes], which may be missing
  /// @throws IOException if it cannot be looked at
  default boolean wouldBeTakenIn(String sidecar) throws IOException {
    return Posix.lstatIfPresent(sidecar)
        .filter(stat -> stat.isRegular() && stat.sizeBytes() > 0)
        .isPresent();
  }

  /// Opens one committed state of the database.
  ///
  /// @param path absolute, in the form of [dev.holdfast.posix.OsString]
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is damaged
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if it cannot be understood
  /// @throws dev.holdfast.repository.error.HoldfastException for every other expected reason, such
  ///   as a lock that is held too long
  Content open(String path);

  /// Opens several databases, at one instant if the engine [#fixesOneInstant], else one after the
  /// other. All or none: if one fails, those already open are closed.
  ///
  /// @param paths as for [#open], no two of them the same file
  /// @return one content for each path, in that order
  /// @throws dev.holdfast.repository.error.HoldfastException as [#open] does, naming the database
  default List<Content> openTogether(List<String> paths) {
    List<Content> opened = new ArrayList<>(paths.size());
    boolean complete = false;
    try {
      for (String path : paths) {
        opened.add(open(path));
      }
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        opened.forEach(Content::close);
      }
    }
  }

  /// Whether what [#openTogether] returns is the state of one instant.
  default boolean fixesOneInstant() {
    return false;
  }

  /// A text that will be equal at a later call only if the database did not change in between, in
  /// no byte of its logical content: it is recorded in the manifest, and a database whose mark is
  /// that of the snapshot before is not read again. It must not depend on when or where it is
  /// taken, must see commits that lie in files beside the database, and must change when another
  /// file took the database's place. Taken while nothing of this process has the database open; a
  /// few reads.
  ///
  /// @param path as for [#open]
  /// @return empty if there is none, or if the database is in a state in which none can be trusted
  default Optional<String> stateMark(String path) {
    return Optional.empty();
  }

  /// The portable form of this kind's own; empty if it has none.
  default Optional<DatabaseExport> exporting() {
    return Optional.empty();
  }

  /// What a recovery needs of this kind; empty if databases of this kind cannot be recovered.
  default Optional<DatabaseRecovery> recovery() {
    return Optional.empty();
  }
}
