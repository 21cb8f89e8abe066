package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.query.EntryView;
import java.time.Clock;
import java.util.Locale;

/// Entries of a snapshot as restic prints them.
final class EntryText {
  private EntryText() {}

  /// The line of `ls -l`.
  static String longLine(EntryView entry, boolean humanReadable, Clock clock) {
    String size =
        humanReadable
            ? Sizes.bytes(entry.sizeBytes())
            : String.format(Locale.ROOT, "%6d", entry.sizeBytes());
    return String.format(
        Locale.ROOT,
        "%s %5d %5d %s %s %s%s",
        entry.typedPermissions(),
        entry.uid(),
        entry.gid(),
        size,
        Times.local(entry.modificationTime(), clock),
        entry.path(),
        entry.isSymlink() ? " -> " + entry.linkTarget() : "");
  }

  /// The JSON line of `ls`.
  static String json(EntryView entry) {
    Json json =
        Json.object()
            .field("name", entry.name())
            .field("type", entry.type())
            .field("path", entry.path())
            .field("uid", entry.uid())
            .field("gid", entry.gid());
    if (entry.isFile()) {
      json.unsigned("size", entry.sizeBytes());
    }
    json.nonZero("mode", entry.mode())
        .field("permissions", entry.permissions())
        .field("mtime", Times.rfc3339(entry.modificationTime()))
        .field("atime", Times.rfc3339(entry.accessTime()))
        .field("ctime", Times.rfc3339(entry.changeTime()));
    if (entry.inode() != 0) {
      json.unsigned("inode", entry.inode());
    }
    return json.field("message_type", "node").field("struct_type", "node").end();
  }
}
