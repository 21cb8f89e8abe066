package dev.holdfast.engine.backup;

import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.format.Node;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;

/// What counts as unchanged, as restic has it (format sheet, section 12).
final class NodeComparison {
  private NodeComparison() {}

  /// Whether a file's content can be taken from the parent snapshot without reading it.
  static boolean isUnread(FileStat stat, Node previous, Set<BackupOptions.Switch> switches) {
    boolean ignoresInode = switches.contains(BackupOptions.Switch.IGNORE_INODE);
    boolean ignoresChangeTime =
        ignoresInode || switches.contains(BackupOptions.Switch.IGNORE_CHANGE_TIME);
    return previous.isFile()
        && previous.content() != null
        && previous.sizeBytes() == stat.sizeBytes()
        && isAt(previous.modificationTime(), stat.mtimeSeconds(), stat.mtimeNanos())
        && (ignoresChangeTime
            || isAt(previous.changeTime(), stat.ctimeSeconds(), stat.ctimeNanos()))
        && (ignoresInode || previous.inode() == stat.inode());
  }

  private static boolean isAt(OffsetDateTime time, long seconds, int nanos) {
    return time.toEpochSecond() == seconds && time.getNano() == nanos;
  }

  /// Whether two nodes say the same, whatever zone their times are written in.
  static boolean isSame(Node left, Node right) {
    return left.equals(right) || inUtc(left).equals(inUtc(right));
  }

  private static Node inUtc(Node node) {
    return node.toBuilder()
        .modificationTime(node.modificationTime().withOffsetSameInstant(ZoneOffset.UTC))
        .accessTime(node.accessTime().withOffsetSameInstant(ZoneOffset.UTC))
        .changeTime(node.changeTime().withOffsetSameInstant(ZoneOffset.UTC))
        .build();
  }
}
