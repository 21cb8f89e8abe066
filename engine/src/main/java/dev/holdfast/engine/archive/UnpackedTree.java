package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.read.TarEntry;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A private folder that an archive is unpacked into. Nothing is written through a link, and no
/// name is written twice. Names are relative, clean, and in the form of
/// [dev.holdfast.posix.OsString]. One thread at a time.
final class UnpackedTree {
  private static final int CREATE =
      OpenFlag.O_WRONLY
          | OpenFlag.O_CREAT
          | OpenFlag.O_EXCL
          | OpenFlag.O_NOFOLLOW
          | OpenFlag.O_CLOEXEC;
  private static final int PRIVATE_FOLDER = 0700;
  private static final int PRIVATE_FILE = 0600;

  /// What this user must be able to do with a folder to go on.
  private static final int OWN_FOLDER = 0700;

  private static final int OWN_FILE = 0400;

  private final String root;
  private final AttributeWriter attributes;
  private final boolean ownsAll = Posix.geteuid() == 0;
  private final Deque<Folder> folders = new ArrayDeque<>();
  private final Map<String, Boolean> known = new HashMap<>();

  private final List<String> winding = new ArrayList<>();

  private record Folder(String name, TarEntry entry) {}

  /// Writes a file's content and gives what it came to.
  interface Body {
    String writeTo(OutputStream target) throws IOException;
  }

  /// @param root exists and is empty
  UnpackedTree(String root, AttributeWriter attributes) {
    this.root = root;
    this.attributes = attributes;
  }

  String path(String name) {
    return name.isEmpty() ? root : root + "/" + name;
  }

  /// Makes a folder. One that is there already only takes over what the entry says of it.
  void folder(String name, TarEntry entry) throws PosixException {
    make(name);
    if (!name.isEmpty()) {
      folders.push(new Folder(name, entry));
    }
  }

  /// Makes a symbolic link.
  ///
  /// @param anywhere whether it may lead out, by way of other links
  void link(String name, TarEntry entry, boolean anywhere) throws PosixException {
    make(parent(name));
    try {
      Posix.symlinkat(entry.linkTarget(), OpenFlag.AT_FDCWD, path(name));
    } catch (PosixException e) {
      throw twice(name, e);
    }
    if (!anywhere && LinkRule.isWinding(entry.linkTarget())) {
      winding.add(name);
    }
    likeness(name, entry, 0);
  }

  String file(String name, TarEntry entry, Body body) throws IOException {
    make(parent(name));
    String sum;
    try (Descriptor file = create(name)) {
      sum = body.writeTo(new DescriptorOutput(file.fd()));
    }
    likeness(name, entry, entry.mode() | (ownsAll ? 0 : OWN_FILE));
    return sum;
  }

  private Descriptor create(String name) throws PosixException {
    try {
      return Descriptor.open(path(name), CREATE, PRIVATE_FILE);
    } catch (PosixException e) {
      throw twice(name, e);
    }
  }

  private static RuntimeException twice(String name, PosixException e) throws PosixException {
    if (e.errno() == Errno.EEXIST) {
      return Refusal.refused("it has " + TarExport.shown(name) + " twice");
    }
    throw e;
  }

  private static String parent(String name) {
    return name.lastIndexOf('/') < 0 ? "" : name.substring(0, name.lastIndexOf('/'));
  }

  /// Makes a folder and those above it, each of which must be a folder and nothing else.
  private void make(String name) throws PosixException {
    if (name.isEmpty() || known.containsKey(name)) {
      return;
    }
    make(parent(name));
    try {
      Posix.mkdirat(OpenFlag.AT_FDCWD, path(name), PRIVATE_FOLDER);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      FileStat stat = Posix.lstat(path(name));
      if (!stat.isDirectory()) {
        throw Refusal.refused(
            "it has something in %s, which is no folder".formatted(TarExport.shown(name)));
      }
    }
    known.put(name, true);
  }

  private void likeness(String name, TarEntry entry, int mode) throws PosixException {
    if (ownsAll) {
      Posix.fchownat(
          OpenFlag.AT_FDCWD, path(name), entry.uid(), entry.gid(), OpenFlag.AT_SYMLINK_NOFOLLOW);
    }
    // A change of the owner takes capabilities away, and the mode is part of an access list.
    attributes.write(path(name), name, entry.attributes());
    if (entry.kind() != TarEntry.Kind.SYMBOLIC_LINK) {
      Posix.fchmodat(OpenFlag.AT_FDCWD, path(name), mode, 0);
    }
    Posix.utimensat(
        OpenFlag.AT_FDCWD,
        path(name),
        entry.modifiedSeconds(),
        entry.modifiedNanos(),
        entry.modifiedSeconds(),
        entry.modifiedNanos());
  }

  /// Gives folders what their entries said of them, the innermost first. Links that lead out by way
  /// of other links are refused, now that all are there.
  void finish() throws PosixException {
    for (String name : winding) {
      if (new LinkWalk(root).leadsOut(name)) {
        throw Refusal.refused(
            "its symbolic link %s leads out of it, by way of other links"
                .formatted(TarExport.shown(name)));
      }
    }
    while (!folders.isEmpty()) {
      Folder folder = folders.pop();
      likeness(folder.name(), folder.entry(), folder.entry().mode() | OWN_FOLDER);
    }
    attributes.end();
  }

  /// Writes to a descriptor that somebody else closes.
  private static final class DescriptorOutput extends OutputStream {
    private final int fd;

    DescriptorOutput(int fd) {
      this.fd = fd;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Posix.write(fd, bytes, offset, length);
    }
  }
}
