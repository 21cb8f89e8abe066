package dev.holdfast.engine.archive;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.format.ExtendedAttribute;
import java.util.List;

/// Gives extended attributes to what was unpacked, from where the backup takes them. What the
/// system does not take is named, and the import goes on without it.
final class AttributeWriter {
  /// More of them are counted.
  private static final int NAMED_MAX = 10;

  private final ExportObserver observer;
  private long refused;

  AttributeWriter(ExportObserver observer) {
    this.observer = observer;
  }

  /// @param path of a file, a folder, or a link, which is not followed
  /// @param name of the same, for people
  void write(String path, String name, List<ExtendedAttribute> attributes) {
    for (ExtendedAttribute attribute : attributes) {
      try {
        Posix.setXattr(path, attribute.name(), attribute.valueBytes());
      } catch (PosixException e) {
        if (++refused <= NAMED_MAX) {
          observer.on(
              new ExportEvent.Notice(
                  "the extended attribute '%s' of %s cannot be taken in: %s"
                      .formatted(
                          OsString.display(attribute.name()),
                          TarExport.shown(name),
                          Errno.describe(e.errno()))));
        }
      }
    }
  }

  /// Says how many were not named.
  void end() {
    if (refused > NAMED_MAX) {
      observer.on(
          new ExportEvent.Notice(
              "%d more extended attributes cannot be taken in".formatted(refused - NAMED_MAX)));
    }
  }
}
