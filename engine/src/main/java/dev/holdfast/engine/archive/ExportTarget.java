package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.write.NewFile;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of exported databases, `shared/{timestamp}` and `tenants/{id}/{timestamp}`, held for
/// one run at a time. What a run writes has names that begin with a dot until all of it is on the
/// disk. What is of no name of ours is never touched.
final class ExportTarget implements AutoCloseable {
  static final String SHARED = "shared";
  static final String TENANTS = "tenants";

  /// A moment that there is, so that a name of this form can be read as one.
  static final Pattern TIMESTAMP =
      Pattern.compile(
          "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3])[0-5]\\d[0-5]\\dZ");

  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern PARTIAL =
      Pattern.compile("\\." + TIMESTAMP.pattern() + "\\.partial-[0-9a-f-]{36}");
  private static final String LOCK = ".holdfast.lock";

  private final Path root;
  private final FileChannel lockFile;
  private final TreeMap<String, Path> begun = new TreeMap<>();

  private ExportTarget(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  /// Takes a folder, which is made if it does not exist, and removes what killed runs left in it.
  ///
  /// @throws HoldfastException.Locked if another run has it
  static ExportTarget open(Path root) throws IOException {
    Files.createDirectories(root);
    FileChannel lockFile =
        FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // another run of this process
    }
    if (lock == null) {
      lockFile.close();
      throw new HoldfastException.Locked(
          "another run exports to '" + root + "'", "wait until it is done");
    }
    ExportTarget target = new ExportTarget(root, lockFile);
    target.removePartial();
    return target;
  }

  static String timestamp(Instant instant) {
    return FORM.format(instant);
  }

  static Instant instant(String timestamp) {
    return FORM.parse(timestamp, Instant::from);
  }

  /// The folders that hold exports: `shared`, and those in `tenants`.
  static List<String> places(Path root) throws IOException {
    List<String> places = new ArrayList<>();
    if (isFolder(root.resolve(SHARED))) {
      places.add(SHARED);
    }
    if (isFolder(root.resolve(TENANTS))) {
      names(root.resolve(TENANTS)).stream()
          .map(name -> TENANTS + "/" + name)
          .filter(place -> isFolder(root.resolve(place)))
          .forEach(places::add);
    }
    return places;
  }

  static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  /// Begins the export of a database; gives a folder that does not exist yet.
  Path begin(String place, String timestamp) throws IOException {
    Path folder = root.resolve(place);
    Files.createDirectories(folder);
    if (Files.exists(folder.resolve(timestamp), LinkOption.NOFOLLOW_LINKS)) {
      throw new HoldfastException.AlreadyExists(
          "'" + folder.resolve(timestamp) + "' exists already", "remove it, or wait a second");
    }
    Path partial = folder.resolve("." + timestamp + ".partial-" + UUID.randomUUID());
    if (begun.put(place, partial) != null) {
      throw new HoldfastException.Rejected(
          "two databases would be exported to '" + place + "'",
          "export them by themselves, or give them names by a pattern of the configuration");
    }
    return partial;
  }

  /// Makes everything that was begun appear: what belongs to tenants first, what all share last.
  List<String> publish(String timestamp) throws IOException {
    List<String> published = new ArrayList<>();
    for (Map.Entry<String, Path> one : begun.descendingMap().entrySet()) {
      String place = one.getKey();
      Path partial = one.getValue();
      NewFile.syncFolder(partial);
      Path folder = root.resolve(place).resolve(timestamp);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
      NewFile.syncFolder(root.resolve(place));
      published.add(folder.toString());
    }
    begun.clear();
    return published;
  }

  /// Keeps what was made at the newest `count` times, and removes what is older, of tenants that
  /// are gone as well. Only what is of our making counts, and nothing of a later time than what was
  /// just made: a clock that was wrong once must not push that out.
  List<String> keep(int count, String made) throws IOException {
    TreeSet<String> timestamps = new TreeSet<>();
    Map<Path, String> found = new LinkedHashMap<>();
    for (String place : places(root)) {
      for (String name : names(root.resolve(place))) {
        Path folder = root.resolve(place).resolve(name);
        if (TIMESTAMP.matcher(name).matches()
            && name.compareTo(made) <= 0
            && isFolder(folder)
            && Files.isRegularFile(folder.resolve(ExportFolder.NAME))) {
          timestamps.add(name);
          found.put(folder, name);
        }
      }
    }
    while (timestamps.size() > count) {
      timestamps.removeFirst();
    }
    List<String> removed = new ArrayList<>();
    for (Map.Entry<Path, String> one : found.entrySet()) {
      if (!timestamps.contains(one.getValue())) {
        remove(one.getKey(), one.getValue());
        removed.add(one.getKey().toString());
      }
    }
    return removed;
  }

  /// One that is half removed never has a name that looks whole.
  private static void remove(Path folder, String timestamp) throws IOException {
    Path partial = folder.resolveSibling("." + timestamp + ".partial-" + UUID.randomUUID());
    Files.move(folder, partial, StandardCopyOption.ATOMIC_MOVE);
    Scratch.remove(partial);
  }

  private void removePartial() throws IOException {
    for (String place : places(root)) {
      for (String name : names(root.resolve(place))) {
        if (PARTIAL.matcher(name).matches()) {
          Scratch.remove(root.resolve(place).resolve(name));
        }
      }
    }
  }

  /// Removes what was begun and not published, and lets the next run in.
  @Override
  public void close() {
    try (lockFile) {
      for (Path partial : begun.values()) {
        Scratch.remove(partial);
      }
    } catch (IOException e) {
      return; // the next run removes it
    }
  }
}
