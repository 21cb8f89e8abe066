package dev.holdfast.testkit;

import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Compares two file trees completely: names byte for byte, kinds, modes, owners, modification
/// times to the nanosecond, extended attributes, link targets, device numbers, content, and which
/// names are hard links of each other. Sockets are left out, as no backup has them.
public final class TreeComparison {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int SHOWN_MAX = 20;

  private final SortedMap<String, String> entries = new TreeMap<>(OsString::compare);
  private final Map<String, String> firstNames = new HashMap<>();

  private TreeComparison() {}

  /// Fails with the differences, if there are any.
  ///
  /// @param expected path of one tree's root, in the form of [OsString]
  /// @param actual path of the other's
  public static void assertEqual(String expected, String actual) {
    List<String> differences = differences(expected, actual);
    if (!differences.isEmpty()) {
      int shown = Math.min(SHOWN_MAX, differences.size());
      throw new AssertionError(
          differences.size()
              + " differences between "
              + expected
              + " and "
              + actual
              + ":\n"
              + String.join("\n", differences.subList(0, shown)));
    }
  }

  /// What differs, one line for each entry.
  public static List<String> differences(String expected, String actual) {
    SortedMap<String, String> left = describe(expected);
    SortedMap<String, String> right = describe(actual);
    List<String> differences = new ArrayList<>();
    left.forEach((name, description) -> {
      String other = right.get(name);
      if (!description.equals(other)) {
        differences.add(
            OsString.display(name) + ":\n  expected " + description + "\n  actual   " + other);
      }
    });
    right.forEach((name, description) -> {
      if (!left.containsKey(name)) {
        differences.add(OsString.display(name) + ":\n  unexpected " + description);
      }
    });
    return differences;
  }

  /// Every entry of a tree by its relative path, described in one line; the root is `.`.
  public static SortedMap<String, String> describe(String root) {
    try {
      TreeComparison tree = new TreeComparison();
      tree.add(root, ".");
      return tree.entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String path, String name) throws IOException {
    FileStat stat = Posix.lstat(path);
    if (stat.type() == FileType.SOCKET) {
      return;
    }
    StringBuilder line = new StringBuilder(stat.type().toString());
    line.append(" mode ").append(Integer.toOctalString(stat.mode()));
    line.append(" owner ").append(stat.uid()).append(':').append(stat.gid());
    line.append(" mtime ").append(stat.mtimeSeconds()).append('.').append(stat.mtimeNanos());
    line.append(attributes(path));
    switch (stat.type()) {
      case REGULAR -> line.append(content(path, name, stat));
      case SYMLINK ->
          line.append(" to ").append(OsString.display(Posix.readlinkat(OpenFlag.AT_FDCWD, path)));
      case BLOCK_DEVICE, CHARACTER_DEVICE -> line.append(" device ").append(stat.rdev());
      case DIRECTORY, FIFO, SOCKET, UNKNOWN -> {}
    }
    entries.put(name, line.toString());
    if (stat.isDirectory()) {
      for (DirEntry entry : list(path)) {
        add(path + "/" + entry.name(), name + "/" + entry.name());
      }
    }
  }

  private String content(String path, String name, FileStat stat) throws IOException {
    String text = " size " + stat.sizeBytes() + " sha256 " + sha256(path);
    if (stat.links() > 1) {
      String first = firstNames.putIfAbsent(stat.deviceId() + ":" + stat.inode(), name);
      text += " linked with " + OsString.display(first == null ? name : first);
    }
    return text;
  }

  private static List<DirEntry> list(String path) throws IOException {
    try (Descriptor directory =
        Descriptor.open(path, OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY, 0)) {
      List<DirEntry> found = new ArrayList<>(Posix.readDirectory(directory.fd()));
      found.sort((a, b) -> OsString.compare(a.name(), b.name()));
      return found;
    }
  }

  private static String attributes(String path) throws PosixException {
    SortedMap<String, String> values = new TreeMap<>();
    for (String attribute : Posix.listXattr(path)) {
      values.put(attribute, HexFormat.of().formatHex(Posix.getXattr(path, attribute)));
    }
    return values.isEmpty() ? "" : " xattrs " + values;
  }

  private static String sha256(String path) throws IOException {
    try (Descriptor file = Descriptor.open(path, OpenFlag.O_RDONLY | OpenFlag.O_NOFOLLOW, 0)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      int read = Posix.read(file.fd(), buffer, 0, buffer.length);
      while (read > 0) {
        digest.update(buffer, 0, read);
        read = Posix.read(file.fd(), buffer, 0, buffer.length);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
