package dev.holdfast.engine.archive;

import com.github.luben.zstd.ZstdOutputStream;
import dev.holdfast.engine.archive.write.Digesting;
import dev.holdfast.engine.archive.write.GzipOutput;
import dev.holdfast.engine.archive.write.NewFile;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes an archive of a snapshot. A file appears under its name only when it is whole; beside it
/// are its checksum, as `sha256sum` checks it, and whatever its format wants to have there.
public final class SnapshotExport {
  /// About as good as gzip, and several times as fast.
  private static final int ZSTD_LEVEL = 3;

  private static final String CHECKSUM_ENDING = ".sha256";

  private final ExportSource source;
  private final ExportObserver observer;

  public SnapshotExport(ExportSource source, ExportObserver observer) {
    this.source = source;
    this.observer = observer;
  }

  /// Writes to a stream, which stays open.
  ///
  /// @param format one of those that are a single file
  public ExportReport toStream(ArchiveFormat format, OutputStream target) {
    try {
      return write(format, target);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the archive cannot be written: " + Reason.of(e), "", e);
    }
  }

  /// Writes a file.
  ///
  /// @param replace whether a file of that name may be there already
  public ExportReport toFile(ArchiveFormat format, Path file, boolean replace) {
    try (NewFile archive = NewFile.begin(file, replace)) {
      ExportReport report = write(format, archive.stream());
      Path name = file.toAbsolutePath();
      Path checksum = name.resolveSibling(name.getFileName() + CHECKSUM_ENDING);
      Files.deleteIfExists(checksum);
      archive.publish();
      List<String> published = new ArrayList<>(List.of(name.toString()));
      byte[] line = Checksums.line(report.sha256(), name.getFileName().toString());
      published.add(beside(checksum, line));
      if (format == ArchiveFormat.ZIP) {
        published.add(
            beside(
                ZipExport.sidecar(name),
                ZipExport.sidecarOf(name, report, ZipExport.metadata(source))));
      }
      return new ExportReport(
          report.snapshot(),
          report.format(),
          report.files(),
          report.plainBytes(),
          report.archiveBytes(),
          report.sha256(),
          published);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "'" + file + "' cannot be written: " + Reason.of(e),
          "see whether there is room for it",
          e);
    }
  }

  private static String beside(Path file, byte[] bytes) throws IOException {
    try (NewFile sidecar = NewFile.begin(file, true)) {
      sidecar.stream().write(bytes);
      sidecar.publish();
    }
    return file.toString();
  }

  private ExportReport write(ArchiveFormat format, OutputStream target) throws IOException {
    Digesting out = new Digesting(target);
    long files;
    long plainBytes;
    switch (format) {
      case TAR_GZ, TAR_ZST -> {
        TarExport tar = new TarExport(source, observer);
        compress(format, tar, out);
        files = tar.files();
        plainBytes = tar.plainBytes();
      }
      case ZIP -> {
        ZipExport zip = new ZipExport(source, observer);
        zip.writeTo(out);
        files = ZipExport.FILES;
        plainBytes = zip.plainBytes();
      }
      case DUCKDB ->
          throw new HoldfastException.Rejected(
              "an export of DuckDB databases is a folder, not a file", "name a folder");
      default -> throw new IllegalStateException(format.toString());
    }
    out.flush();
    return new ExportReport(
        source.start().snapshot().id(),
        format,
        files,
        plainBytes,
        out.length(),
        out.end(),
        List.of());
  }

  private static void compress(ArchiveFormat format, TarExport tar, OutputStream out)
      throws IOException {
    if (format == ArchiveFormat.TAR_GZ) {
      try (GzipOutput gzip = new GzipOutput(out)) {
        tar.writeTo(gzip);
        gzip.finish();
      }
      return;
    }
    try (ZstdOutputStream zstd = new ZstdOutputStream(new Unclosed(out), ZSTD_LEVEL)) {
      zstd.setChecksum(true);
      zstd.setWorkers(Math.max(1, Runtime.getRuntime().availableProcessors()));
      tar.writeTo(zstd);
    }
  }

  /// Passes everything on but the end.
  private static final class Unclosed extends java.io.FilterOutputStream {
    Unclosed(OutputStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /// Bytes of a text in UTF-8.
  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
