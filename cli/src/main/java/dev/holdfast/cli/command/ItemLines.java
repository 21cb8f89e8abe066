package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.backup.BackupEvent;
import dev.holdfast.posix.OsString;
import java.util.Locale;

/// The line about each file or folder of a backup, in restic's words.
final class ItemLines {
  private ItemLines() {}

  private static String word(BackupEvent.Change change) {
    return switch (change) {
      case NEW -> "new";
      case CHANGED -> "modified";
      case UNCHANGED -> "unchanged";
    };
  }

  private static String path(BackupEvent.ItemDone item) {
    boolean slash = item.kind() == BackupEvent.ItemKind.DIRECTORY && !item.path().endsWith("/");
    return item.path() + (slash ? "/" : "");
  }

  private static double seconds(BackupEvent.ItemDone item) {
    return item.duration().toNanos() / 1e9;
  }

  /// What is told of a file and does not make a backup incomplete; restic has no such thing.
  static String warning(boolean json, String path, String message) {
    return json
        ? Json.message("warning").field("message", message).field("item", path).end()
        : "warning: " + OsString.display(path) + ": " + message;
  }

  /// What makes a backup incomplete.
  static String problem(boolean json, String path, String message) {
    return json
        ? Json.message("error")
            .raw("error", Json.object().field("message", message).end())
            .field("during", "archival")
            .field("item", path)
            .end()
        : "error: " + OsString.display(path) + ": " + message;
  }

  static String text(BackupEvent.ItemDone item) {
    String start = String.format("%-9s %s", word(item.change()), OsString.display(path(item)));
    if (item.change() == BackupEvent.Change.UNCHANGED) {
      return start;
    }
    boolean directory = item.kind() == BackupEvent.ItemKind.DIRECTORY;
    return start
        + String.format(
            Locale.ROOT,
            ", saved in %.3fs (%s added, %s stored%s)",
            seconds(item),
            Sizes.bytes(directory ? 0 : item.addedBytes()),
            Sizes.bytes(directory ? 0 : item.storedBytes()),
            directory ? ", " + Sizes.bytes(item.storedBytes()) + " metadata" : "");
  }

  static String json(BackupEvent.ItemDone item) {
    boolean directory = item.kind() == BackupEvent.ItemKind.DIRECTORY;
    boolean unchanged = item.change() == BackupEvent.Change.UNCHANGED;
    return Json.message("verbose_status")
        .field("action", word(item.change()))
        .field("item", path(item))
        .field("duration", unchanged ? 0 : seconds(item))
        .field("data_size", directory || unchanged ? 0 : item.addedBytes())
        .field("data_size_in_repo", directory || unchanged ? 0 : item.storedBytes())
        .field("metadata_size", directory && !unchanged ? item.addedBytes() : 0)
        .field("metadata_size_in_repo", directory && !unchanged ? item.storedBytes() : 0)
        .field("total_files", 0)
        .end();
  }
}
