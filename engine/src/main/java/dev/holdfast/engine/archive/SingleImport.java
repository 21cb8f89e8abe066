package dev.holdfast.engine.archive;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.postgres.DumpFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One database or one dump by itself, compressed or not.
final class SingleImport {
  private static final List<String> ENDINGS = List.of(".zst", ".zstd", ".gz");

  private final ImportRequest request;
  private final Scratch scratch;

  SingleImport(ImportRequest request, Scratch scratch) {
    this.request = request;
    this.scratch = scratch;
  }

  static boolean recognizes(ImportRequest request, byte[] head) {
    return DumpFile.isDump(head, head.length)
        || request.engines().stream().anyMatch(engine -> engine.recognizes(head, head.length));
  }

  Staged stage(InputStream content, byte[] head) throws IOException {
    Instant time = Files.getLastModifiedTime(request.file()).toInstant();
    Path tree = Files.createDirectory(scratch.folder().resolve("tree"));
    DatabaseInspection inspection = new DatabaseInspection(request, scratch, tree.toString(), time);
    String path;
    if (DumpFile.isDump(head, head.length)) {
      Path dump = scratch.folder().resolve("dump");
      Files.copy(content, dump);
      path = inspection.dumpByName(dump, stem());
    } else {
      Path file = scratch.folder().resolve("database");
      Files.copy(content, file);
      Files.setLastModifiedTime(file, FileTime.from(time));
      path = Paths.clean(request.placeOfStrangers() + "/" + stem());
      new TreeLayout(tree.toString()).move(file.toString(), path);
      inspection.run(true);
    }
    return new Staged(
        scratch,
        "single file",
        Staged.Origin.UNKNOWN,
        tree.toString(),
        inspection.dumps(),
        inspection.labels(),
        List.of(path),
        Optional.of(time),
        1,
        inspection.count());
  }

  /// The name without what says how it is compressed.
  private String stem() {
    String name = Paths.name(request.name());
    return ENDINGS.stream()
        .filter(name::endsWith)
        .findFirst()
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .orElse(name);
  }
}
