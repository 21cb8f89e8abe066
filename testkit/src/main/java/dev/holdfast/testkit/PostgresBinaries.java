package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/// The servers of PostgreSQL 13 to 18, unpacked once in a process, where every user can read them.
/// They come with Maven; the client programs are the system's. Thread-safe.
final class PostgresBinaries {
  private static final Map<Integer, Path> UNPACKED = new TreeMap<>();

  private PostgresBinaries() {}

  /// The folder of `initdb`, `pg_ctl` and `postgres`.
  static synchronized Path programs(int majorVersion) {
    return UNPACKED.computeIfAbsent(majorVersion, PostgresBinaries::unpack).resolve("bin");
  }

  private static Path unpack(int majorVersion) {
    String archive = "postgres/%d/postgres-linux-x86_64.txz".formatted(majorVersion);
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
      if (packed == null) {
        throw new AssertionError("no server of version " + majorVersion + ": " + archive);
      }
      Path folder = Files.createTempDirectory("holdfast-postgres-" + majorVersion + "-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> TemporaryFolders.delete(folder)));
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path copy = folder.resolve("server.txz");
      Files.copy(packed, copy);
      Command.of("tar", "-xJf", copy.toString(), "-C", folder.toString()).run().succeeded();
      Files.delete(copy);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
