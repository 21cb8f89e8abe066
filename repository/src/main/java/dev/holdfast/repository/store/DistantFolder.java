package dev.holdfast.repository.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/// Files with names on another machine, which are no repository: portable exports. Names are
/// relative, with `/` between their parts.
///
/// A file appears whole or not at all, and may be replaced; there is no renaming. Deleting what is
/// not there is success. A listing shows what was put before it began. All methods may be called
/// from any number of threads; an interrupt ends them as it ends those of [ObjectStore], and they
/// fail with the same exceptions.
public interface DistantFolder extends AutoCloseable {
  /// A file.
  ///
  /// @param changed when it was put there, by the clock of that machine
  record Entry(String name, long lengthBytes, Instant changed) {}

  /// The address, for messages, without secrets.
  String location();

  /// Sends a file, which nobody changes meanwhile.
  void put(String name, Path file);

  /// Fetches a file.
  ///
  /// @param file replaced if it exists; undefined if this fails
  void get(String name, Path file);

  /// Calls `each` for all files whose names begin so, in no particular order.
  void list(String prefix, Consumer<Entry> each);

  /// Removes a file if it is there. One that is protected stays, and a notice says so.
  void delete(String name);

  @Override
  void close();
}
