package dev.holdfast.posix;

import static dev.holdfast.posix.OpenFlag.AT_FDCWD;
import static dev.holdfast.posix.OpenFlag.AT_REMOVEDIR;
import static dev.holdfast.posix.OpenFlag.AT_SYMLINK_NOFOLLOW;
import static dev.holdfast.posix.OpenFlag.O_CREAT;
import static dev.holdfast.posix.OpenFlag.O_DIRECTORY;
import static dev.holdfast.posix.OpenFlag.O_EXCL;
import static dev.holdfast.posix.OpenFlag.O_RDONLY;
import static dev.holdfast.posix.OpenFlag.O_WRONLY;

import java.util.HexFormat;

/// Does to every entry of a directory what can be done to a name; run under several locales.
final class RawNamesProgram {
  private static final HexFormat HEX = HexFormat.of();
  private static final String DIRECTORY = "\uDCFEdir";

  private RawNamesProgram() {}

  /// `list DIR`: prints name and size of each entry in hexadecimal. `make DIR HEX...`: creates,
  /// renames, links and reads files of these names and removes everything else again.
  public static void main(String[] arguments) throws PosixException {
    try (Descriptor dir = Descriptor.open(arguments[1], O_RDONLY | O_DIRECTORY, 0)) {
      if (arguments[0].equals("list")) {
        list(dir.fd());
      } else {
        for (int i = 2; i < arguments.length; i++) {
          make(dir.fd(), arguments[1], OsString.decode(HEX.parseHex(arguments[i])));
        }
      }
    }
    System.out.println("done");
  }

  private static void list(int dir) throws PosixException {
    for (DirEntry entry : Posix.readDirectory(dir)) {
      FileStat stat = Posix.fstatat(dir, entry.name(), AT_SYMLINK_NOFOLLOW);
      System.out.println(HEX.formatHex(OsString.encode(entry.name())) + " " + stat.sizeBytes());
    }
  }

  private static void make(int dir, String path, String name) throws PosixException {
    byte[] content = OsString.encode(name);
    Posix.mkdirat(dir, DIRECTORY, 0700);
    String before = DIRECTORY + "/before" + name;
    try (Descriptor file =
        Descriptor.open(path + "/" + before, O_WRONLY | O_CREAT | O_EXCL, 0600)) {
      Posix.write(file.fd(), content, 0, content.length);
    }
    Posix.renameat(dir, before, dir, name);
    Posix.symlinkat(name, dir, DIRECTORY + "/link");
    expect(name, Posix.readlinkat(dir, DIRECTORY + "/link"));
    Posix.linkat(dir, name, dir, DIRECTORY + "/hard" + name, 0);
    expect(2L, Posix.lstat(path + "/" + name).links());
    attributes(path + "/" + name, name);
    Posix.utimensat(AT_FDCWD, path + "/" + name, 1, 2, 3, 4);
    expect(3L, Posix.stat(path + "/" + name).mtimeSeconds());
    Posix.unlinkat(dir, DIRECTORY + "/hard" + name, 0);
    Posix.unlinkat(dir, DIRECTORY + "/link", 0);
    Posix.unlinkat(dir, DIRECTORY, AT_REMOVEDIR);
  }

  private static void attributes(String path, String name) throws PosixException {
    String attribute = "user." + name;
    try {
      Posix.setXattr(path, attribute, OsString.encode(name));
    } catch (PosixException e) {
      if (e.errno() == Errno.EOPNOTSUPP) {
        System.err.println("no extended attributes here: not tried");
        return;
      }
      throw e;
    }
    expect(true, Posix.listXattr(path).contains(attribute));
    expect(name, OsString.decode(Posix.getXattr(path, attribute)));
    Posix.removeXattr(path, attribute);
    expect(false, Posix.listXattr(path).contains(attribute));
  }

  private static void expect(Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError("expected " + expected + " but was " + actual);
    }
  }
}
