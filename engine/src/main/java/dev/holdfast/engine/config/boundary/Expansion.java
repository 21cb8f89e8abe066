package dev.holdfast.engine.config.boundary;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.boundary.Finding.Severity;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Finds what one source's pattern matches. Used once.
final class Expansion {
  private final AppSource.Paths source;
  private final List<NamePattern> names;
  private final PathFilter appExcludes;
  private final PathFilter excludes;
  private final List<DatabaseEngine> engines;
  private final List<Finding> findings;
  private final String start;

  /// Below the start no link is followed; a path outside any root is followed to where wildcards
  /// begin, because a person wrote all of it down.
  private final int followedNames;

  private final TreeMap<String, Member> found = new TreeMap<>(OsString::compare);
  private final Set<String> visited = new HashSet<>();
  private boolean failed;

  Expansion(App app, AppSource.Paths source, List<DatabaseEngine> engines, List<Finding> findings) {
    this.source = source;
    this.engines = engines;
    this.findings = findings;
    appExcludes = PathFilter.of(app.excludes());
    excludes = PathFilter.of(source.excludes());
    Optional<String> root = app.root();
    PathTemplate template = source.template();
    if (!template.absolute()) {
      start = root.orElseThrow();
      names = template.names();
      followedNames = 0;
    } else {
      int under = root.map(folder -> namesUnder(folder, template)).orElse(-1);
      start = under >= 0 ? root.orElseThrow() : "/";
      names = template.names().subList(Math.max(under, 0), template.names().size());
      followedNames = under >= 0 ? 0 : literalNames();
    }
  }

  /// How many names of the template are the root's; -1 if it does not begin with the root.
  private static int namesUnder(String root, PathTemplate template) {
    String[] folders = root.equals("/") ? new String[0] : root.substring(1).split("/");
    if (folders.length > template.names().size()) {
      return -1;
    }
    for (int i = 0; i < folders.length; i++) {
      if (!template.names().get(i).equals(new NamePattern.Literal(folders[i]))) {
        return -1;
      }
    }
    return folders.length;
  }

  /// The names before the first wildcard, and never the last one.
  private int literalNames() {
    int count = 0;
    while (count < names.size() - 1 && names.get(count) instanceof NamePattern.Literal) {
      count++;
    }
    return count;
  }

  Collection<Member> members() {
    if (names.isEmpty()) {
      member(start, Map.of());
    } else {
      match(0, start, Map.of());
    }
    dropSidecars();
    if (found.isEmpty() && !failed) {
      switch (source.absence()) {
        case FAILURE -> absent(Severity.FAILURE);
        case WARNING -> absent(Severity.WARNING);
        case EXPECTED -> {}
      }
    }
    return found.values();
  }

  private void absent(Severity severity) {
    String path =
        UnixPath.isAbsolute(source.template().text())
            ? source.template().text()
            : UnixPath.join(start, source.template().text());
    finding(
        severity,
        path,
        source.template().isLiteral() ? "does not exist, or is excluded" : "matches nothing");
  }

  private void match(int index, String folder, Map<String, String> bindings) {
    if (!visited.add(index + " " + folder)) {
      return; // reached through several `**`
    }
    switch (names.get(index)) {
      case NamePattern.Literal literal ->
          next(index, UnixPath.join(folder, literal.name()), bindings);
      case NamePattern.AnyFolders _ -> {
        match(index + 1, folder, bindings);
        for (String name : list(folder, index)) {
          String path = UnixPath.join(folder, name);
          if (isFolder(path) && !isExcluded(path)) {
            match(index, path, bindings);
          }
        }
      }
      case NamePattern.Mixed mixed -> {
        for (String name : list(folder, index)) {
          Optional<Map<String, String>> matched = mixed.match(name);
          if (matched.isPresent()) {
            Map<String, String> more = new LinkedHashMap<>(bindings);
            more.putAll(matched.get());
            next(index, UnixPath.join(folder, name), more);
          }
        }
      }
    }
  }

  private void next(int index, String path, Map<String, String> bindings) {
    if (index + 1 == names.size()) {
      member(path, bindings);
    } else if (index < followedNames) {
      match(index + 1, path, bindings);
    } else {
      try {
        FileType type = Posix.lstatIfPresent(path).map(FileStat::type).orElse(FileType.UNKNOWN);
        if (type == FileType.DIRECTORY) {
          match(index + 1, path, bindings);
        } else if (type == FileType.SYMLINK) {
          link(path, names.get(index));
        }
      } catch (PosixException e) {
        unreadable(path, e);
      }
    }
  }

  private void member(String path, Map<String, String> bindings) {
    if (isExcluded(path)) {
      return;
    }
    try {
      Optional<FileStat> stat =
          path.equals(start) ? Optional.of(Posix.stat(path)) : Posix.lstatIfPresent(path);
      if (stat.isEmpty()) {
        return;
      }
      switch (stat.get().type()) {
        case DIRECTORY -> add(new Member(source.name(), path, true, bindings));
        case REGULAR -> {
          if (!source.template().foldersOnly()) {
            add(new Member(source.name(), path, false, bindings));
          }
        }
        case SYMLINK -> link(path, names.getLast());
        case BLOCK_DEVICE, CHARACTER_DEVICE, FIFO, SOCKET, UNKNOWN ->
            finding(Severity.WARNING, path, "is neither a file nor a folder and is passed over");
      }
    } catch (PosixException e) {
      unreadable(path, e);
    }
  }

  private void add(Member member) {
    found.putIfAbsent(member.path(), member);
    if (found.size() > Boundary.MAX_MEMBERS) {
      throw new HoldfastException.Rejected(
          "source '%s' matches more than %d paths".formatted(source.name(), Boundary.MAX_MEMBERS),
          "name the folder that they are in instead");
    }
  }

  /// A pattern such as `data/*` matches a database's log too, which is no source of its own.
  private void dropSidecars() {
    Set<String> files = new HashSet<>();
    found.values().stream()
        .filter(member -> !member.folder())
        .forEach(member -> files.add(member.path()));
    found
        .values()
        .removeIf(member -> !member.folder() && Folders.isSidecar(member.path(), files, engines));
  }

  private List<String> list(String folder, int index) {
    try {
      return Folders.names(folder, index == 0 || index <= followedNames);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
        unreadable(folder, e);
      }
      return List.of();
    }
  }

  private boolean isFolder(String path) {
    try {
      return Posix.lstatIfPresent(path).map(FileStat::isDirectory).orElse(false);
    } catch (PosixException e) {
      unreadable(path, e);
      return false;
    }
  }

  private boolean isExcluded(String path) {
    return appExcludes.matches(path) || excludes.matches(path);
  }

  /// What a person named must be there; what a wildcard met may be anything.
  private void link(String path, NamePattern by) {
    String target;
    try {
      target = OsString.display(Posix.readlinkat(OpenFlag.AT_FDCWD, path));
    } catch (PosixException e) {
      target = "somewhere";
    }
    boolean named =
        by instanceof NamePattern.Literal && source.absence() == AppSource.Absence.FAILURE;
    finding(
        named ? Severity.FAILURE : Severity.WARNING,
        path,
        "is a symbolic link to " + target + " and is not followed: name the real place");
  }

  private void unreadable(String path, PosixException e) {
    finding(Severity.FAILURE, path, "cannot be read: " + e.getMessage());
  }

  private void finding(Severity severity, String path, String message) {
    failed |= severity == Severity.FAILURE;
    findings.add(new Finding(severity, source.name(), path, message));
  }
}
