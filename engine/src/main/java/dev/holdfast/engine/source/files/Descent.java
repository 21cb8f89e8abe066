package dev.holdfast.engine.source.files;

import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks one directory and everything below it, depth first.
///
/// @param <D> what the visitor knows of a directory
final class Descent<D> {
  /// Directories on the way to the present one that are kept open. Those further up are closed and
  /// found again through `..`, which bounds the descriptors of a tree of any depth.
  private static final int OPEN_MAX = 128;

  private final SelectionRules rules;
  private final Boundary boundary;
  private final TreeVisitor<D> visitor;
  private final List<Frame<D>> frames = new ArrayList<>();

  /// A directory that is being walked.
  private static final class Frame<D> {
    final D data;
    final FileStat stat;
    final String path;
    final List<String> names;
    final Boundary.Markers markers;
    int next;
    @Nullable OpenDirectory directory;

    Frame(
        D data,
        FileStat stat,
        OpenDirectory directory,
        List<String> names,
        Boundary.Markers markers) {
      this.data = data;
      this.stat = stat;
      this.path = directory.path();
      this.directory = directory;
      this.names = names;
      this.markers = markers;
    }
  }

  Descent(SelectionRules rules, Boundary boundary, TreeVisitor<D> visitor) {
    this.rules = rules;
    this.boundary = boundary;
    this.visitor = visitor;
  }

  void walk(D parent, Found top) throws IOException {
    try {
      enter(parent, top);
      while (!frames.isEmpty()) {
        TreeWalk.checkNotInterrupted();
        Frame<D> frame = frames.getLast();
        OpenDirectory directory = frame.directory;
        if (directory == null || frame.next == frame.names.size()) {
          leave(frame);
        } else {
          visit(frame, directory, frame.names.get(frame.next++));
        }
      }
    } finally {
      for (Frame<D> frame : frames) {
        release(frame);
      }
    }
  }

  private void visit(Frame<D> frame, OpenDirectory directory, String name) {
    try {
      if (rules.hasPatterns() && rules.excludesPath(directory.pathOf(name))) {
        visitor.excluded(directory.pathOf(name));
        return;
      }
      FileStat stat;
      try {
        stat = directory.stat(name);
      } catch (PosixException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
        visitor.vanished(frame.data, directory.pathOf(name), name, e);
        return;
      }
      if (frame.markers.excludes(name) || boundary.excludes(stat, frame.stat)) {
        visitor.excluded(directory.pathOf(name));
        return;
      }
      Found found = new Found(directory, name, name, stat, false);
      if (stat.isDirectory()) {
        enter(frame.data, found);
      } else {
        TreeWalk.report(visitor, frame.data, found);
      }
    } catch (IOException e) {
      visitor.failed(directory.pathOf(name), e);
    }
  }

  private void enter(D parent, Found found) throws IOException {
    OpenDirectory directory = found.directory().openDirectory(found.name());
    boolean entered = false;
    try {
      Found opened =
          new Found(
              found.directory(),
              found.name(),
              found.nodeName(),
              directory.stat(),
              found.isExplicit());
      List<String> names = list(directory);
      D data = visitor.enter(parent, opened, directory, names);
      if (data == null) {
        return;
      }
      frames.add(new Frame<>(data, opened.stat(), directory, names, boundary.markersIn(directory)));
      entered = true;
    } finally {
      if (!entered) {
        directory.release();
      }
    }
    if (frames.size() > OPEN_MAX) {
      release(frames.get(frames.size() - 1 - OPEN_MAX));
    }
  }

  /// The names in a directory, ascending. A directory that is written to may list one twice.
  private static List<String> list(OpenDirectory directory) throws PosixException {
    List<DirEntry> entries = Posix.readDirectory(directory.fd());
    List<String> names = new ArrayList<>(entries.size());
    for (DirEntry entry : entries) {
      names.add(entry.name());
    }
    names.sort(OsString::compare);
    for (int i = names.size() - 1; i > 0; i--) {
      if (names.get(i).equals(names.get(i - 1))) {
        names.remove(i);
      }
    }
    return names;
  }

  private void leave(Frame<D> frame) {
    frames.removeLast();
    if (!frames.isEmpty() && frames.getLast().directory == null) {
      reopen(frames.getLast(), frame.directory);
    }
    visitor.leave(frame.data);
    release(frame);
  }

  /// Opens the directory of `frame` again, which is the parent of `child` if nothing was moved.
  private void reopen(Frame<D> frame, @Nullable OpenDirectory child) {
    if (frame.next == frame.names.size() && frames.size() == 1) {
      return;
    }
    try {
      if (child == null) {
        throw new IOException("cannot be reached again");
      }
      OpenDirectory directory = child.openParent(frame.path);
      if (!directory.stat().isSameFile(frame.stat)) {
        directory.release();
        throw new IOException("was moved while it was being read");
      }
      frame.directory = directory;
    } catch (IOException e) {
      visitor.failed(frame.path, e);
    }
  }

  private void release(Frame<D> frame) {
    OpenDirectory directory = frame.directory;
    frame.directory = null;
    if (directory != null) {
      directory.release();
    }
  }
}
