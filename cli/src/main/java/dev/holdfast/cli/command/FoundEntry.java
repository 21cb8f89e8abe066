package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.query.EntryView;

/// An entry in the JSON of `find`, which has other fields than that of `ls`.
final class FoundEntry {
  private FoundEntry() {}

  static String json(EntryView entry) {
    Json json =
        Json.object()
            .nonEmpty("path", entry.path())
            .nonEmpty("permissions", entry.permissions())
            .field("type", entry.type())
            .nonZero("mode", entry.mode())
            .field("mtime", Times.rfc3339(entry.modificationTime()))
            .field("atime", Times.rfc3339(entry.accessTime()))
            .field("ctime", Times.rfc3339(entry.changeTime()))
            .field("uid", entry.uid())
            .field("gid", entry.gid())
            .nonEmpty("user", entry.user())
            .nonEmpty("group", entry.group());
    unsigned(json, "inode", entry.inode());
    unsigned(json, "device_id", entry.deviceId());
    unsigned(json, "size", entry.sizeBytes());
    unsigned(json, "links", entry.links());
    return json.nonEmpty("linktarget", entry.linkTarget()).end();
  }

  private static void unsigned(Json json, String name, long value) {
    if (value != 0) {
      json.unsigned(name, value);
    }
  }
}
