package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.write.Digesting;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestCodec;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.query.EntryContent;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.TarArchive;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.posix.OsString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// Writes a snapshot as a tar archive: what the archive is first, then everything in it, then the
/// checksums of all that.
final class TarExport {
  private static final String HOLDER = "/" + Manifest.DIRECTORY;

  private final ExportSource source;
  private final ExportObserver observer;
  private final Walker walker;
  private final EntryContent content;
  private final ByteArrayOutputStream checksums = new ByteArrayOutputStream();
  private long files;
  private long plainBytes;
  private long leftOut;
  private long escapingLinks;
  private long bare;

  TarExport(ExportSource source, ExportObserver observer) {
    this.source = source;
    this.observer = observer;
    walker = new Walker(source.repository());
    content = new FileContent(source.repository());
  }

  /// Writes all of it to `target`, which stays open and uncompressed.
  void writeTo(OutputStream target) throws IOException {
    SnapshotPath start = source.start();
    Optional<Manifest> manifest =
        ManifestFile.read(source.repository(), start.snapshot().stored().snapshot());
    List<Description.Root> roots = new Layout(walker, start).roots();
    try (TarArchive tar = new TarArchive(target);
        WholeDatabases databases = new WholeDatabases(source, manifest, observer)) {
      describe(tar, roots, manifest);
      for (Description.Root root : roots) {
        add(tar, root, databases);
      }
      made(tar, Description.CHECKSUMS_NAME, checksums.toByteArray());
    }
    sayWhatIsNotThere();
  }

  long files() {
    return files;
  }

  long plainBytes() {
    return plainBytes;
  }

  private void describe(TarArchive tar, List<Description.Root> roots, Optional<Manifest> manifest)
      throws IOException {
    Description description =
        new Description(
            source.program(),
            source.start().snapshot().id(),
            source.start().snapshot().time().toInstant(),
            source.start().snapshot().hostname(),
            manifest.flatMap(Manifest::app),
            roots);
    made(tar, Description.NAME, description.encode());
    if (manifest.isPresent()) {
      made(tar, Description.MANIFEST_NAME, ManifestCodec.encode(manifest.get()));
    }
  }

  /// Adds a file about the archive.
  private void made(TarArchive tar, String name, byte[] bytes) throws IOException {
    EntryView entry = EntryView.made("/" + name, bytes.length, source.start().snapshot().time());
    add(tar, entry, (_, target) -> target.write(bytes));
  }

  private void add(TarArchive tar, Description.Root root, WholeDatabases databases)
      throws IOException {
    SnapshotPath at = new SnapshotPath(source.start().snapshot(), root.path());
    if (!root.folder()) {
      addAt(tar, root, walker.entryAt(at), databases);
      return;
    }
    if (!root.name().isEmpty()) {
      add(tar, walker.entryAt(at).at("/" + root.name()), content);
    }
    IOException[] failure = new IOException[1];
    walker.walk(
        at,
        entry -> {
          EntryView whole = entry.below(root.path());
          if (failure[0] != null || Paths.isWithin(HOLDER, whole.path())) {
            return false;
          }
          try {
            addAt(tar, root, whole, databases);
          } catch (IOException e) {
            failure[0] = e;
          }
          return failure[0] == null;
        });
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  private void addAt(
      TarArchive tar, Description.Root root, EntryView entry, WholeDatabases databases)
      throws IOException {
    EntryView named = entry.at("/" + root.nameOf(entry.path()));
    if (databases.isMergedElsewhere(entry.path())) {
      return;
    }
    Optional<WholeDatabases.Whole> whole = databases.at(entry);
    if (whole.isPresent()) {
      add(tar, named.withSize(whole.get().lengthBytes()), whole.get());
    } else if (entry.isFile() || entry.isDirectory() || entry.isSymlink()) {
      if (entry.isSymlink() && LinkRule.leadsOut(named.path().substring(1), entry.linkTarget())) {
        escapingLinks++;
      }
      add(tar, named, content);
    } else {
      leftOut++;
    }
  }

  private void add(TarArchive tar, EntryView stored, EntryContent bytes) throws IOException {
    EntryView entry = stored;
    if (!stored.attributesFitIntoArchive()) {
      entry = stored.withoutAttributes();
      bare++;
    }
    String name = entry.path().substring(1);
    if (!entry.isFile()) {
      tar.add(entry, bytes);
      return;
    }
    String[] sum = new String[1];
    tar.add(
        entry,
        (file, target) -> {
          Digesting digesting = new Digesting(target);
          bytes.writeTo(file, digesting);
          sum[0] = digesting.end();
        });
    files++;
    plainBytes += entry.sizeBytes();
    if (!name.equals(Description.CHECKSUMS_NAME)) {
      checksums.writeBytes(Checksums.line(sum[0], name));
    }
    observer.on(new ExportEvent.Done(entry.sizeBytes()));
  }

  private void sayWhatIsNotThere() {
    if (leftOut > 0) {
      observer.on(
          new ExportEvent.Notice(
              leftOut
                  + " devices, pipes or sockets were left out: archives of this kind have none"));
    }
    if (bare > 0) {
      observer.on(
          new ExportEvent.Notice(
              bare
                  + " entries have more extended attributes than there is room for; they are in it"
                  + " without them"));
    }
    if (escapingLinks > 0) {
      observer.on(
          new ExportEvent.Notice(
              escapingLinks
                  + " symbolic links lead out of the archive; they are in it as they are"));
    }
  }

  /// The name as it is shown.
  static String shown(String name) {
    return "'" + OsString.display(name) + "'";
  }
}
