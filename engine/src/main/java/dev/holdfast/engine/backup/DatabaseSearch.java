package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.files.Descriptors;
import dev.holdfast.engine.source.files.Found;
import dev.holdfast.engine.source.files.OpenDirectory;
import dev.holdfast.engine.source.files.TargetTree;
import dev.holdfast.engine.source.files.TreeVisitor;
import dev.holdfast.engine.source.files.TreeWalk;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks for databases before anything is read, so that their states can be fixed at one instant,
/// and counts on the way what there is. What cannot be read it passes over: the backup meets it too
/// and reports it. A database of an unusual length is missed here and met by the backup later.
final class DatabaseSearch implements TreeVisitor<DatabaseSearch.Place> {
  /// Every kind of database writes whole pages or blocks, of this many bytes at least. Looking at
  /// the length first saves opening nearly all other files.
  private static final int PAGE_BYTES_MIN = 512;

  private final BackupRun run;
  private final List<FoundDatabase> databases = new ArrayList<>();
  private final byte[] head = new byte[DatabaseEngine.HEAD_BYTES];
  private long files;
  private long directories;
  private long bytes;

  /// A directory.
  ///
  /// @param path where it will lie in the snapshot
  /// @param names what is in it, ascending; null if that is not known
  record Place(String path, @Nullable List<String> names) {
    String pathOf(String name) {
      return path.equals("/") ? path + name : path + "/" + name;
    }
  }

  private DatabaseSearch(BackupRun run) {
    this.run = run;
  }

  /// Walks everything that is to be backed up.
  static DatabaseSearch in(TargetTree tree, BackupRun run) {
    DatabaseSearch search = new DatabaseSearch(run);
    BackupOptions options = run.options();
    new TreeWalk<>(options.rules(), options.origin().workingDirectory(), search)
        .walk(tree, new Place("/", null));
    return search;
  }

  List<FoundDatabase> databases() {
    return databases;
  }

  BackupEvent.Totals totals() {
    return new BackupEvent.Totals(files, directories, bytes);
  }

  @Override
  public Place enterAncestor(Place parent, String nodeName, String path) {
    return enterVirtual(parent, nodeName);
  }

  @Override
  public Place enterVirtual(Place parent, String nodeName) {
    directories++;
    return new Place(parent.pathOf(nodeName), null);
  }

  @Override
  public Place enter(Place parent, Found found, OpenDirectory opened, List<String> names) {
    directories++;
    return new Place(parent.pathOf(found.nodeName()), names);
  }

  @Override
  public void file(Place place, Found found) throws IOException {
    files++;
    bytes += found.stat().sizeBytes();
    try {
      look(place, found);
    } catch (PosixException e) {
      // The backup meets it too.
    }
  }

  private void look(Place place, Found found) throws IOException {
    boolean hasSidecars = false;
    for (DatabaseEngine engine : run.engines()) {
      for (String suffix : engine.sidecarSuffixes()) {
        String name = found.name();
        if (name.endsWith(suffix)
            && exists(place, found, name.substring(0, name.length() - suffix.length()))) {
          return;
        }
        hasSidecars |= exists(place, found, name + suffix);
      }
    }
    DatabaseEngine engine = hasSidecars ? byEverything(found) : byLengthAndHead(found);
    if (engine != null) {
      databases.add(
          new FoundDatabase(
              engine,
              found.path(),
              place.pathOf(found.nodeName()),
              found.stat(),
              found.isExplicit(),
              hasSidecars));
    } else {
      lookBack(place.pathOf(found.nodeName()), found);
    }
  }

  /// What was a database in the parent snapshot, and is none, was overwritten, encrypted or
  /// emptied, as a rule. As a source of an app it is not what the app means to be backed up.
  private void lookBack(String path, Found found) {
    BackupSubject subject = run.options().subject();
    run.parent()
        .source(path)
        .map(ManifestSource::kind)
        .filter(kind -> run.engines().stream().anyMatch(engine -> engine.name().equals(kind)))
        .map("was a %s database in the snapshot before, and is none now"::formatted)
        .ifPresent(change -> {
          if (found.isExplicit()
              && subject.app().isPresent()
              && !subject.run().equals(Manifest.RESTORE_POINT_TAG)) {
            run.problem(path, change + "; 'backup --force' stores the file that it is");
          } else {
            run.warning(path, change + ": the file is stored as it is");
          }
        });
  }

  private @Nullable DatabaseEngine byEverything(Found found) throws IOException {
    for (DatabaseEngine engine : run.engines()) {
      if (engine.recognizes(found.path())) {
        return engine;
      }
    }
    return null;
  }

  private @Nullable DatabaseEngine byLengthAndHead(Found found) throws IOException {
    long size = found.stat().sizeBytes();
    if (size < PAGE_BYTES_MIN || size % PAGE_BYTES_MIN != 0 || run.engines().isEmpty()) {
      return null;
    }
    int length = readHead(found);
    for (DatabaseEngine engine : run.engines()) {
      if (engine.recognizes(head, length)) {
        return engine;
      }
    }
    return null;
  }

  private int readHead(Found found) throws PosixException {
    // Another backup of this process may have it open.
    try (DatabaseFiles.Claim _ = run.databaseFiles().claim(found.stat())) {
      int fd = found.directory().openFile(found.name());
      try {
        FileStat stat = Posix.fstat(fd);
        return stat.isRegular() ? Math.max(0, Posix.pread(fd, head, 0, head.length, 0)) : 0;
      } finally {
        Descriptors.close(fd);
      }
    }
  }

  private static boolean exists(Place place, Found found, String name) throws PosixException {
    List<String> names = place.names();
    if (names != null) {
      return Collections.binarySearch(names, name, OsString::compare) >= 0;
    }
    try {
      return !name.isEmpty() && found.directory().stat(name).isRegular();
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENAMETOOLONG) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void special(Place place, Found found) {
    // Not counted, as restic's scan counts files, directories and bytes.
  }

  @Override
  public void virtualFile(Place place, String nodeName, VirtualFile file) {
    files++;
  }

  @Override
  public void leave(Place place) {
    // Nothing to finish.
  }

  @Override
  public void excluded(String path) {
    // Not part of the backup.
  }

  @Override
  public void vanished(Place place, String path, String name, IOException reason) {
    // The backup itself says so.
  }

  @Override
  public void failed(String path, IOException reason) {
    // The backup meets it too, and reports it.
  }
}
