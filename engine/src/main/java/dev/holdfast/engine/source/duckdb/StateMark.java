package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A text that stays the same as long as a database does: what tells its file, its headers, of
/// which every checkpoint changes one, and its log, to which every commit adds.
///
/// What it does not see: a log that is replaced by one of the same length at the same time of the
/// file system's clock, without a checkpoint. DuckDB does no such thing.
///
/// The headers alone would not do: a database that was set back by copying an older file over it
/// comes to the same headers again, with other rows. So the time of the file's last change counts.
final class StateMark {
  private StateMark() {}

  /// The mark, if the database is whole, understood, and not in a checkpoint.
  static Optional<String> of(String path) {
    try (DataFile file = DataFile.open(path)) {
      byte[] bytes = new byte[FileHead.BYTES];
      FileHead head = FileHead.parse(bytes, file.readUpTo(0, bytes, 0, bytes.length));
      Place place = Place.of(path, file);
      if (head.active().isEmpty() || Posix.isPresent(place.log(Place.CHECKPOINT_LOG))) {
        return Optional.empty();
      }
      CRC32C sum = new CRC32C();
      sum.update(bytes);
      FileStat stat = file.stat();
      return Optional.of(
          "duckdb:%d:%d:%s:%d:%08x:%s"
              .formatted(
                  stat.inode(),
                  stat.sizeBytes(),
                  stat.changeTime(),
                  head.active().get().iteration(),
                  sum.getValue(),
                  logMark(place)));
    } catch (MalformedException | IOException e) {
      // No mark: the database is opened, which says what is wrong with it.
      return Optional.empty();
    }
  }

  private static String logMark(Place place) throws IOException {
    Optional<DataFile> found = DataFile.openIfPresent(place.log(Place.LOG));
    if (found.isEmpty()) {
      return "-";
    }
    try (DataFile log = found.get()) {
      FileStat stat = log.stat();
      return "%d:%d:%d.%09d"
          .formatted(stat.inode(), stat.sizeBytes(), stat.mtimeSeconds(), stat.mtimeNanos());
    }
  }
}
