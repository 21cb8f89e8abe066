package dev.holdfast.engine.archive;

import java.util.List;

/// What an export came to.
///
/// @param snapshot the id of what was exported; empty if it was made of live databases
/// @param files in the archive, those about it included
/// @param plainBytes of their content
/// @param archiveBytes of the archive
/// @param sha256 of the archive, in hexadecimal digits; empty for folders
/// @param published what appeared, in the order in which it did
public record ExportReport(
    String snapshot,
    ArchiveFormat format,
    long files,
    long plainBytes,
    long archiveBytes,
    String sha256,
    List<String> published) {
  public ExportReport {
    published = List.copyOf(published);
  }

  ExportReport withPublished(List<String> names) {
    return new ExportReport(snapshot, format, files, plainBytes, archiveBytes, sha256, names);
  }
}
