package dev.holdfast.engine.archive;

import com.github.luben.zstd.ZstdInputStream;
import dev.holdfast.engine.archive.read.GzipInput;
import dev.holdfast.engine.archive.read.Metered;
import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.read.TarInput;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.store.DistantFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Looks through an archive, unpacks it into a private folder and opens what is in it, before
/// anything of it reaches a repository. What it is, is told by its content; a name that says
/// something else is a reason to refuse it.
public final class ArchiveImport {
  private static final int HEAD_BYTES = 512;
  private static final int BUFFER_BYTES = 256 * 1024;

  private final ImportRequest request;
  private final ExportObserver observer;

  /// What an archive's first bytes say.
  private enum Packing {
    ZIP("zip"),
    GZIP("gzip"),
    ZSTD("zstd"),
    NONE("none of zip, gzip and zstd");

    private final String word;

    Packing(String word) {
      this.word = word;
    }

    static Packing of(byte[] head) {
      if (begins(head, 'P', 'K', 3, 4)) {
        return ZIP;
      }
      if (begins(head, 0x1f, 0x8b)) {
        return GZIP;
      }
      return begins(head, 0x28, 0xb5, 0x2f, 0xfd) ? ZSTD : NONE;
    }

    private static boolean begins(byte[] head, int... magic) {
      for (int i = 0; i < magic.length; i++) {
        if (i >= head.length || head[i] != (byte) magic[i]) {
          return false;
        }
      }
      return true;
    }
  }

  public ArchiveImport(ImportRequest request, ExportObserver observer) {
    this.request = request;
    this.observer = observer;
  }

  /// Unpacks and checks it.
  ///
  /// @throws HoldfastException if it is not to be had, with the reason; nothing is left of it then
  public Staged stage() {
    return stage(this::unpack);
  }

  /// The same of exports on another machine, which are fetched first.
  public Staged stage(DistantFolder folder) {
    return stage(scratch -> fetch(folder, scratch));
  }

  /// Makes what is staged, in a folder of its own.
  @FunctionalInterface
  private interface Staging {
    Staged in(Scratch scratch) throws IOException;
  }

  private Staged stage(Staging staging) {
    Scratch scratch = Scratch.in(request.scratch());
    boolean good = false;
    try {
      Staged staged = staging.in(scratch);
      good = true;
      return staged;
    } catch (IOException e) {
      throw scratch.isFull()
          ? new HoldfastException.InputOutput(
              "there is no room in '%s' to unpack '%s'"
                  .formatted(request.scratch(), request.name()),
              "make room there, or name another place with --scratch",
              e)
          : new HoldfastException.InputOutput(
              "'%s' cannot be read: %s".formatted(request.name(), Reason.of(e)), "", e);
    } finally {
      if (!good) {
        scratch.close();
      }
    }
  }

  private Staged fetch(DistantFolder folder, Scratch scratch) throws IOException {
    Path fetched = Files.createDirectory(scratch.folder().resolve("fetched"));
    String time =
        new DistantExports(folder, request.engines(), scratch.folder(), observer)
            .fetch(request, fetched);
    return new DirectoryImport(request.fetched(fetched, time), observer, scratch).stage();
  }

  private Staged unpack(Scratch scratch) throws IOException {
    if (Files.isDirectory(request.file())) {
      return new DirectoryImport(request, observer, scratch).stage();
    }
    if (!Files.isRegularFile(request.file())) {
      throw new HoldfastException.NotFound(
          "there is no archive '" + request.name() + "'", "check the name");
    }
    byte[] head = head(request.file());
    Packing packing = Packing.of(head);
    refuseMisnamed(packing);
    observer.on(new ExportEvent.Total(Files.size(request.file())));
    if (packing == Packing.ZIP) {
      return new ZipImport(request, observer, scratch).stage();
    }
    Metered.Counted packed =
        new Metered.Counted(
            Files.newInputStream(request.file()),
            bytes -> observer.on(new ExportEvent.Done(bytes)));
    try (InputStream raw = new BufferedInputStream(packed, BUFFER_BYTES);
        InputStream plain = unpacked(packing, raw);
        BufferedInputStream content =
            new BufferedInputStream(
                new Metered(plain, request.limits(), packed::count), BUFFER_BYTES)) {
      return content(content, packing, scratch);
    } catch (com.github.luben.zstd.ZstdIOException e) {
      throw Refusal.damaged("its zstd data are broken: " + e.getMessage());
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(HEAD_BYTES);
    }
  }

  private void refuseMisnamed(Packing packing) {
    Optional<Packing> named =
        ArchiveFormat.ofName(request.name().toLowerCase(Locale.ROOT))
            .flatMap(format ->
                switch (format) {
                  case TAR_GZ -> Optional.of(Packing.GZIP);
                  case TAR_ZST -> Optional.of(Packing.ZSTD);
                  case ZIP -> Optional.of(Packing.ZIP);
                  case DUCKDB -> Optional.empty();
                });
    if (named.isPresent() && named.get() != packing) {
      throw Refusal.refused(
          "'%s' is named as %s, but its content is %s"
              .formatted(request.name(), named.get().word, packing.word));
    }
  }

  private static InputStream unpacked(Packing packing, InputStream raw) throws IOException {
    return switch (packing) {
      case GZIP -> new GzipInput(raw);
      case ZSTD -> new ZstdInputStream(raw);
      case NONE, ZIP -> raw;
    };
  }

  private Staged content(BufferedInputStream content, Packing packing, Scratch scratch)
      throws IOException {
    content.mark(HEAD_BYTES);
    byte[] head = content.readNBytes(HEAD_BYTES);
    content.reset();
    if (TarInput.isTar(head, head.length)) {
      String word = packing == Packing.NONE ? "tar" : "tar, " + packing.word;
      return new TarImport(request, observer, scratch).stage(new TarInput(content), word);
    }
    if (SingleImport.recognizes(request, head)) {
      return new SingleImport(request, scratch).stage(content, head);
    }
    throw Refusal.refused(
        Arrays.equals(head, new byte[head.length])
            ? "it holds nothing"
            : "it holds neither a tar archive nor a database or a dump");
  }
}
