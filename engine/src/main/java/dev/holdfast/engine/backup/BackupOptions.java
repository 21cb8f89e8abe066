package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.write.WriterOptions;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a backup is made.
///
/// @param origin whose backup it is
/// @param time the snapshot's time
/// @param tags the snapshot's tags
/// @param rules what is left out
/// @param excludes the patterns as they were given, for the record in the snapshot
/// @param parent what unchanged files are compared with; see [ParentSnapshot]
/// @param switches the rest, each of them off normally
/// @param writer how blobs are written
/// @param subject what the snapshot is of
public record BackupOptions(
    Origin origin,
    OffsetDateTime time,
    List<String> tags,
    SelectionRules rules,
    List<String> excludes,
    Optional<StoredSnapshot> parent,
    Set<Switch> switches,
    WriterOptions writer,
    BackupSubject subject) {
  /// Whose backup it is, as recorded in the snapshot.
  ///
  /// @param hostname the machine
  /// @param username the user that runs the backup
  /// @param workingDirectory absolute; where relative targets start
  /// @param programVersion such as `holdfast 0.1.0`
  public record Origin(
      String hostname,
      String username,
      long uid,
      long gid,
      String workingDirectory,
      String programVersion) {}

  /// What can be switched on.
  public enum Switch {
    /// `--dry-run`: reads everything and writes nothing.
    DRY_RUN,
    /// `--skip-if-unchanged`: makes no snapshot when its tree is the parent's.
    SKIP_IF_UNCHANGED,
    /// `--with-atime`: records access times.
    ACCESS_TIMES,
    /// `--ignore-ctime`: a file with another change time may count as unchanged.
    IGNORE_CHANGE_TIME,
    /// `--ignore-inode`: so may one with another inode or another change time.
    IGNORE_INODE,
    /// Counts in advance what there is, for the progress to say how much is left.
    SCAN
  }

  public BackupOptions {
    tags = List.copyOf(tags);
    excludes = List.copyOf(excludes);
    switches = Set.copyOf(switches);
  }

  /// A backup of everything, by itself.
  public static BackupOptions of(Origin origin, OffsetDateTime time) {
    return new BackupOptions(
        origin,
        time,
        List.of(),
        SelectionRules.EVERYTHING,
        List.of(),
        Optional.empty(),
        Set.of(),
        WriterOptions.DEFAULT,
        BackupSubject.PATHS);
  }

  public BackupOptions withTags(List<String> value) {
    return new BackupOptions(
        origin, time, value, rules, excludes, parent, switches, writer, subject);
  }

  public BackupOptions withRules(SelectionRules value, List<String> patterns) {
    return new BackupOptions(
        origin, time, tags, value, patterns, parent, switches, writer, subject);
  }

  public BackupOptions withParent(Optional<StoredSnapshot> value) {
    return new BackupOptions(origin, time, tags, rules, excludes, value, switches, writer, subject);
  }

  public BackupOptions withSwitches(Set<Switch> value) {
    return new BackupOptions(origin, time, tags, rules, excludes, parent, value, writer, subject);
  }

  public BackupOptions withWriter(WriterOptions value) {
    return new BackupOptions(origin, time, tags, rules, excludes, parent, switches, value, subject);
  }

  public BackupOptions withSubject(BackupSubject value) {
    return new BackupOptions(origin, time, tags, rules, excludes, parent, switches, writer, value);
  }

  boolean has(Switch option) {
    return switches.contains(option);
  }
}
