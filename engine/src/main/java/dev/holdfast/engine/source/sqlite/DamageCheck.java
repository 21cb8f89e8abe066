package dev.holdfast.engine.source.sqlite;

import java.io.IOException;

/// Looks whether all pages of a state are there, before anything of it is stored.
final class DamageCheck {
  private DamageCheck() {}

  /// Every page of the state is in the file or in the log.
  static void pagesArePresent(DatabaseHandle handle, SqliteImage.Pages pages) throws IOException {
    isLongEnough(handle, pages, handle.file().stat().sizeBytes());
  }

  /// Every page of the state is in the first `fileBytes` of the file, or in the log.
  static void isLongEnough(DatabaseHandle handle, SqliteImage.Pages pages, long fileBytes) {
    if (pages.pageCount() == 0) {
      throw Failures.damaged(handle.path(), "it has no pages");
    }
    long lockPage = Failures.LOCK_BYTES_START / pages.pageSizeBytes() + 1;
    long present = fileBytes / pages.pageSizeBytes();
    for (long page = present + 1; page <= pages.pageCount(); page++) {
      if (page != lockPage && pages.frames().frameOf((int) page) == 0) {
        throw Failures.damaged(
            handle.path(),
            "it was cut off after %d of its %d pages".formatted(present, pages.pageCount()));
      }
    }
  }
}
