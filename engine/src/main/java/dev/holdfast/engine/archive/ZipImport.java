package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Metered;
import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.read.ZipInput;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.postgres.DumpFile;
import dev.holdfast.engine.source.stream.InputSource;
import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A zip of exactly `metadata.json` and `database.dump`.
final class ZipImport {
  private static final long FORMAT = 1;
  private static final int BUFFER_BYTES = 256 * 1024;

  private static final JsonOrigin ORIGIN = Refusal.origin(ZipExport.METADATA);

  private final ImportRequest request;
  private final ExportObserver observer;
  private final Scratch scratch;

  ZipImport(ImportRequest request, ExportObserver observer, Scratch scratch) {
    this.request = request;
    this.observer = observer;
    this.scratch = scratch;
  }

  Staged stage() throws IOException {
    try (FileChannel file = FileChannel.open(request.file())) {
      ZipInput zip = new ZipInput(file);
      byte[] metadata = metadata(zip);
      Optional<Instant> time = time(metadata);
      Path dump = scratch.folder().resolve(ZipExport.DUMP);
      unpack(zip, find(zip, ZipExport.DUMP), dump);
      refuseOther(dump);
      Path tree = Files.createDirectory(scratch.folder().resolve("tree"));
      DatabaseInspection inspection =
          new DatabaseInspection(
              request, scratch, tree.toString(), time.orElse(request.clock().instant()));
      String folder = inspection.dumpByName(dump, "database");
      List<VirtualFile> files = new ArrayList<>(inspection.dumps());
      files.add(
          new VirtualFile(
              folder + "/" + ZipExport.METADATA,
              new InputSource(new ByteArrayInputStream(metadata))));
      return new Staged(
          scratch,
          "zip",
          Staged.Origin.UNKNOWN,
          tree.toString(),
          files,
          inspection.labels(),
          List.of(folder),
          time,
          ZipExport.FILES,
          inspection.count());
    }
  }

  private ZipInput.Entry find(ZipInput zip, String name) {
    List<String> names = zip.entries().stream().map(ZipInput.Entry::name).toList();
    if (names.size() != ZipExport.FILES) {
      throw Refusal.refused(
          "it should have exactly %s and %s, and has %s"
              .formatted(ZipExport.METADATA, ZipExport.DUMP, names));
    }
    return zip.entries().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Refusal.refused("it has no " + name));
  }

  private byte[] metadata(ZipInput zip) throws IOException {
    ZipInput.Entry entry = find(zip, ZipExport.METADATA);
    if (entry.plainBytes() > JsonTree.BYTES_MAX) {
      throw Refusal.refused(ZipExport.METADATA + " is too long");
    }
    byte[] bytes;
    try (InputStream in = zip.open(entry)) {
      bytes = in.readAllBytes();
    }
    JsonFields json = JsonTree.read(ORIGIN, bytes);
    if (json.number("format") != FORMAT) {
      throw new HoldfastException.Unsupported(
          "%s has format %d, and this program knows %d"
              .formatted(ZipExport.METADATA, json.number("format"), FORMAT),
          "use a newer Holdfast");
    }
    if (!json.has("createdAt") || !json.has("app") || !json.has("database")) {
      throw Refusal.refused(ZipExport.METADATA + " lacks createdAt, app or database");
    }
    return bytes;
  }

  private static Optional<Instant> time(byte[] metadata) {
    String text = JsonTree.read(ORIGIN, metadata).text("createdAt");
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      throw Refusal.refused("createdAt in " + ZipExport.METADATA + " is no time");
    }
  }

  private void unpack(ZipInput zip, ZipInput.Entry entry, Path target) throws IOException {
    try (InputStream in =
        new Metered(zip.open(entry), request.limits(), () -> entry.packedBytes())) {
      byte[] buffer = new byte[BUFFER_BYTES];
      try (java.io.OutputStream out = Files.newOutputStream(target)) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          out.write(buffer, 0, count);
          observer.on(new ExportEvent.Done(count));
        }
      }
    }
  }

  private static void refuseOther(Path dump) throws IOException {
    byte[] head = new byte[DatabaseEngine.HEAD_BYTES];
    try (InputStream in = Files.newInputStream(dump)) {
      if (!DumpFile.isDump(head, in.readNBytes(head, 0, head.length))) {
        throw Refusal.refused(ZipExport.DUMP + " is no dump in PostgreSQL's custom format");
      }
    }
  }
}
