package dev.holdfast.engine.config.boundary;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Finds what lies under a root and belongs to nothing. Used once.
final class OutsideSearch {
  private final PathFilter excludes;
  private final List<DatabaseEngine> engines;
  private final TreeSet<String> inside = new TreeSet<>();
  private final Set<String> files = new HashSet<>();
  private final List<String> outside = new ArrayList<>();
  private long leftOut;
  private int looks;
  private boolean complete = true;

  OutsideSearch(App app, List<Member> members, List<DatabaseEngine> engines) {
    this.engines = engines;
    excludes = PathFilter.of(app.excludes());
    for (Member member : members) {
      inside.add(member.path());
      if (!member.folder()) {
        files.add(member.path());
      }
    }
  }

  Outside under(String root) {
    if (!inside.contains(root)) {
      search(root, true);
    }
    return new Outside(outside, leftOut, complete);
  }

  private void search(String folder, boolean follow) {
    for (String name : names(folder, follow)) {
      String path = UnixPath.join(folder, name);
      if (inside.contains(path) || excludes.matches(path)) {
        continue;
      }
      if (leadsInside(path)) {
        search(path, false);
        continue;
      }
      FileType type = type(path);
      if (type == FileType.DIRECTORY) {
        if (holdsSomething(path)) {
          add(path + "/");
        }
      } else if (type != FileType.SOCKET && !Folders.isSidecar(path, files, engines)) {
        add(path);
      }
    }
  }

  private void add(String path) {
    if (outside.size() < Outside.MAX_PATHS) {
      outside.add(path);
    } else {
      leftOut++;
    }
  }

  private boolean leadsInside(String path) {
    String below = path + "/";
    String first = inside.ceiling(below);
    return first != null && first.startsWith(below);
  }

  /// Whether there is a file in the folder, at any depth, that is not excluded. Ends at the first.
  private boolean holdsSomething(String folder) {
    List<String> folders = new ArrayList<>(List.of(folder));
    while (!folders.isEmpty()) {
      String next = folders.removeLast();
      for (String name : names(next, false)) {
        String path = UnixPath.join(next, name);
        if (excludes.matches(path)) {
          continue;
        }
        FileType type = type(path);
        if (type == FileType.DIRECTORY) {
          folders.add(path);
        } else if (type != FileType.SOCKET) {
          return true;
        }
      }
    }
    return false;
  }

  private List<String> names(String folder, boolean follow) {
    if (looks >= Outside.MAX_LOOKS) {
      complete = false;
      return List.of();
    }
    try {
      List<String> names = Folders.names(folder, follow);
      looks += names.size();
      return names;
    } catch (PosixException e) {
      complete = false;
      return List.of();
    }
  }

  /// Nothing, if it has just gone, counts as a socket: there is nothing to speak of.
  private FileType type(String path) {
    try {
      Optional<FileStat> stat = Posix.lstatIfPresent(path);
      return stat.map(FileStat::type).orElse(FileType.SOCKET);
    } catch (PosixException e) {
      complete = false;
      return FileType.SOCKET;
    }
  }
}
