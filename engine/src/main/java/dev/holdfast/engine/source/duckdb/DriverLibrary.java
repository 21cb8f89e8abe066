package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Driver;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads DuckDB's driver, once for a process and only when a DuckDB file is met.
///
/// Left to itself, the driver unpacks 70 MB of native library into the directory of temporary files
/// in every process, and leaves them there when the process is killed. Here it is loaded by a class
/// loader that knows where the library is: where Java looks for libraries, which is where the
/// distribution has it; or unpacked once into a directory of the user's; or else removed as soon as
/// it is loaded. Unpacked, it needs a file system that allows programs, which those of temporary
/// files and of homes need not.
final class DriverLibrary {
  private static final String DRIVER_RESOURCE = "org/duckdb/DuckDBDriver.class";
  private static final String DRIVER_CLASS = "org.duckdb.DuckDBDriver";
  private static final String NATIVE_CLASS = "org.duckdb.DuckDBNative";
  private static final String LIBRARY_NAME = "duckdb_java";
  private static final String LIBRARY_RESOURCE = "libduckdb_java.so_linux_";
  private static final String UNPACKED_PREFIX = "duckdb-";
  private static final int WRITABLE_BY_OTHERS = 0022;

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  private static @Nullable Driver loaded;

  private DriverLibrary() {}

  /// The driver.
  ///
  /// @throws IOException if it cannot be unpacked or loaded
  static synchronized Driver driver(DuckDbOptions options) throws IOException {
    if (loaded == null) {
      loaded = load(options);
    }
    return loaded;
  }

  /// Begins to load the driver for who needs it in a moment, if that has not begun: it takes 50 ms,
  /// in which the other core has nothing to do.
  static void loadAhead(DuckDbOptions options) {
    if (BEGUN.getAndSet(true)) {
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("duckdb-driver")
        .start(() -> {
          try {
            driver(options);
          } catch (IOException e) {
            // Who needs it tries again, and says why it cannot be had.
          }
        });
  }

  private static Driver load(DuckDbOptions options) throws IOException {
    URL found = DriverLibrary.class.getClassLoader().getResource(DRIVER_RESOURCE);
    if (found == null || !(found.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException("the DuckDB driver is missing from the class path");
    }
    connection.setUseCaches(false);
    URL location = connection.getJarFileURL();
    Optional<Path> installed = installed();
    if (installed.isPresent()) {
      return load(location, installed.get());
    }
    try (JarFile jar = connection.getJarFile()) {
      JarEntry entry = jar.getJarEntry(LIBRARY_RESOURCE + architecture());
      if (entry == null) {
        throw new IOException("the DuckDB driver has no library for " + architecture());
      }
      Optional<Path> kept = keptLibrary(options, jar, entry);
      if (kept.isPresent()) {
        return load(location, kept.get());
      }
      Path unpacked = unpack(jar, entry, Path.of(options.scratchDirectories().getFirst()));
      try {
        return load(location, unpacked);
      } finally {
        // It stays mapped.
        Files.deleteIfExists(unpacked);
      }
    }
  }

  private static Driver load(URL jar, Path library) throws IOException {
    try {
      ClassLoader loader = new DriverClassLoader(jar, library);
      Class.forName(NATIVE_CLASS, true, loader);
      return Class.forName(DRIVER_CLASS, true, loader)
          .asSubclass(Driver.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException("the DuckDB driver cannot be loaded: " + e, e);
    }
  }

  private static Optional<Path> installed() {
    String file = System.mapLibraryName(LIBRARY_NAME);
    return Stream.of(System.getProperty("java.library.path", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, file))
        .filter(Path::isAbsolute)
        .filter(Files::isReadable)
        .findFirst();
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
  }

  /// The library in the directory for it, unpacked if it is not there yet; empty if there can be
  /// none.
  private static Optional<Path> keptLibrary(DuckDbOptions options, JarFile jar, JarEntry entry) {
    if (options.libraryDirectory().isEmpty()) {
      return Optional.empty();
    }
    Path directory = Path.of(options.libraryDirectory().get());
    Path library = directory.resolve("%s%08x.so".formatted(UNPACKED_PREFIX, entry.getCrc()));
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (!isOurs(directory)) {
        return Optional.empty();
      }
      if (!Files.exists(library)) {
        Path unpacked = unpack(jar, entry, directory);
        Files.move(unpacked, library, StandardCopyOption.ATOMIC_MOVE);
        removeOthers(directory, library);
      }
      return isOurs(library) && Files.size(library) == entry.getSize()
          ? Optional.of(library)
          : Optional.empty();
    } catch (IOException e) {
      // No place to keep it, then: it is unpacked for this process alone.
      return Optional.empty();
    }
  }

  /// Whether only this user can have written to it. Another's library would run as this user.
  private static boolean isOurs(Path path) throws PosixException {
    FileStat stat = Posix.lstat(path.toString());
    return !stat.isSymlink()
        && stat.uid() == Posix.geteuid()
        && (stat.mode() & WRITABLE_BY_OTHERS) == 0;
  }

  private static Path unpack(JarFile jar, JarEntry entry, Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "unpacking-", ".so");
    boolean complete = false;
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      complete = true;
      return file;
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Removes what other versions of the driver, and killed processes, have left.
  private static void removeOthers(Path directory, Path library) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.startsWith(UNPACKED_PREFIX) && !file.equals(library)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /// Loads the classes of the driver's jar, hides the libraries in it, and names another instead.
  private static final class DriverClassLoader extends URLClassLoader {
    private final Path library;

    DriverClassLoader(URL jar, Path library) {
      super("duckdb", new URL[] {jar}, ClassLoader.getPlatformClassLoader());
      this.library = library;
    }

    @Override
    public @Nullable URL getResource(String name) {
      return name.startsWith(LIBRARY_RESOURCE) ? null : super.getResource(name);
    }

    @Override
    protected @Nullable String findLibrary(String name) {
      return name.equals(LIBRARY_NAME) ? library.toString() : super.findLibrary(name);
    }
  }
}
