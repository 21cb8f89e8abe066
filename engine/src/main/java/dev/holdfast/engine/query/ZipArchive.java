package dev.holdfast.engine.query;

import dev.holdfast.posix.OsString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A zip archive: names, times and content. Zip has no owners and Java's none of the modes.
public final class ZipArchive implements EntryArchive {
  private final ZipOutputStream zip;

  public ZipArchive(OutputStream target) {
    zip = new ZipOutputStream(target);
  }

  @Override
  public void add(EntryView entry, EntryContent content) throws IOException {
    String name = entry.path().substring(1) + (entry.isDirectory() ? "/" : "");
    // Zip names are UTF-8: bytes that are not are shown in their place.
    ZipEntry header = new ZipEntry(OsString.isValidUtf8(name) ? name : OsString.display(name));
    header.setLastModifiedTime(FileTime.from(entry.modificationTime().toInstant()));
    zip.putNextEntry(header);
    if (entry.isFile()) {
      content.writeTo(entry, zip);
    } else if (entry.isSymlink()) {
      zip.write(OsString.encode(entry.linkTarget()));
    }
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.finish();
    zip.flush();
  }
}
