package dev.holdfast.testkit;

import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes a file tree of every kind of node and of nasty names, the same for the same seed: files of
/// nothing to a few megabytes, holes, hard links, symbolic links that lead nowhere to targets in
/// UTF-8, fifos, sockets, extended attributes, odd modes and times; devices and foreign owners
/// where the process may make them.
public final class RandomTree {
  /// Names that programs get wrong: quotes, escapes, controls, what JSON and HTML escape,
  /// characters that Go does not print, bytes that are not UTF-8, and the longest there is.
  public static final List<String> NASTY_NAMES =
      List.of(
          "plain",
          "with space",
          "quote\"double",
          "quote'single",
          "back\\slash",
          "back\\x41slash",
          "new\nline",
          "tab\tbell\u0007",
          "control\u0001\u001f\u007f",
          "html<>&",
          "line\u2028separator\u2029",
          "no\u00a0break\u00adsoft\ufeffmark",
          "uml\u00e4ut",
          "uma\u0308ut",
          "snow\u2603man",
          "emoji\ud83d\ude00",
          "private\ue000use",
          "replacement\ufffd",
          "-rf",
          "*?[a]",
          "~",
          "...",
          "#hash",
          "$HOME",
          "percent%s",
          "invalid" + OsString.decode(new byte[] {(byte) 0xff, (byte) 0xfe}),
          OsString.decode(new byte[] {(byte) 0x80}),
          "cut" + OsString.decode(new byte[] {(byte) 0xe2, (byte) 0x98}),
          "surrogate" + OsString.decode(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}),
          "n".repeat(255));

  /// restic before 0.16 cannot store others, so a tree that it takes part with must do without.
  private static final List<String> LINK_TARGETS =
      NASTY_NAMES.stream().filter(OsString::isValidUtf8).toList();

  private static final int[] SIZES = {
    0, 1, 100, 4095, 4096, 4097, 65_536, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 3_000_000
  };
  private static final int[] MODES = {0644, 0600, 0755, 0400, 0, 04755, 02755, 01644, 0777};
  private static final int DEPTH_MAX = 5;
  private static final long SECONDS_MAX = 2_000_000_000L;
  private static final long HOLE_BYTES = 1_000_000;
  private static final long NULL_DEVICE = (1 << 8) | 3;

  private final Random random;
  private final boolean isRoot = Posix.geteuid() == 0;
  private final List<String> files = new ArrayList<>();
  private int made;

  private RandomTree(long seed) {
    this.random = new Random(seed);
  }

  /// Makes a tree of about `count` entries in the directory `root`, which must not exist.
  ///
  /// @param root absolute, in the form of [OsString]
  public static void create(String root, long seed, int count) {
    try {
      RandomTree tree = new RandomTree(seed);
      Posix.mkdirat(OpenFlag.AT_FDCWD, root, 0755);
      tree.fill(root, 0, count);
      tree.finish(root, 0755);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill(String directory, int depth, int count) throws IOException {
    int left = count;
    while (left > 0) {
      String path = directory + "/" + name();
      int kind = random.nextInt(depth < DEPTH_MAX ? 20 : 16);
      if (kind >= 16) {
        int share = random.nextInt(left);
        directory(path, depth + 1, share);
        left -= share;
      } else {
        entry(path, kind);
      }
      left--;
    }
  }

  /// A nasty name, made unique by a number unless it is the longest.
  private String name() {
    String name = NASTY_NAMES.get(random.nextInt(NASTY_NAMES.size()));
    String number = "." + made++;
    return OsString.encode(name).length + number.length() > 255
        ? name.substring(number.length()) + number
        : name + number;
  }

  private void directory(String path, int depth, int count) throws IOException {
    Posix.mkdirat(OpenFlag.AT_FDCWD, path, 0755);
    fill(path, depth, count);
    finish(path, isRoot ? MODES[random.nextInt(MODES.length)] : 0755);
  }

  private void entry(String path, int kind) throws IOException {
    switch (kind) {
      case 0 -> node(path, FileType.FIFO, 0);
      case 1 -> node(path, FileType.SOCKET, 0);
      case 2 -> node(path, isRoot ? FileType.CHARACTER_DEVICE : FileType.FIFO, NULL_DEVICE);
      case 3 -> node(path, isRoot ? FileType.BLOCK_DEVICE : FileType.FIFO, (7 << 8) | 200);
      case 4, 5 -> symlink(path);
      case 6 -> hardLink(path);
      case 7 -> sparse(path);
      default -> file(path, SIZES[random.nextInt(SIZES.length)]);
    }
  }

  private void node(String path, FileType type, long device) throws IOException {
    Posix.mknodat(OpenFlag.AT_FDCWD, path, type, 0644, type == FileType.FIFO ? 0 : device);
    finish(path, 0640);
  }

  private void symlink(String path) throws IOException {
    String target = LINK_TARGETS.get(random.nextInt(LINK_TARGETS.size()));
    Posix.symlinkat(random.nextBoolean() ? target : "/nowhere/" + target, OpenFlag.AT_FDCWD, path);
    setTimes(path);
  }

  private void hardLink(String path) throws IOException {
    if (files.isEmpty()) {
      file(path, 10);
      return;
    }
    String existing = files.get(random.nextInt(files.size()));
    Posix.linkat(OpenFlag.AT_FDCWD, existing, OpenFlag.AT_FDCWD, path, 0);
  }

  private void sparse(String path) throws IOException {
    try (Descriptor file = create(path)) {
      byte[] end = "after a hole".getBytes(StandardCharsets.UTF_8);
      Posix.pwrite(file.fd(), end, 0, end.length, random.nextLong(HOLE_BYTES));
    }
    finish(path, 0644);
  }

  private void file(String path, int sizeBytes) throws IOException {
    byte[] content = new byte[sizeBytes];
    random.nextBytes(content);
    try (Descriptor file = create(path)) {
      Posix.write(file.fd(), content, 0, content.length);
      if (random.nextInt(4) == 0) {
        attributes(file.fd());
      }
    }
    files.add(path);
    finish(path, MODES[random.nextInt(MODES.length)]);
  }

  private void attributes(int fd) throws PosixException {
    byte[] value = new byte[random.nextInt(200)];
    random.nextBytes(value);
    Posix.setXattr(fd, "user.random", value);
    Posix.setXattr(fd, "user.empty", new byte[0]);
    if (isRoot) {
      Posix.setXattr(fd, "trusted.random", value);
    }
  }

  private static Descriptor create(String path) throws PosixException {
    return Descriptor.open(
        path, OpenFlag.O_WRONLY | OpenFlag.O_CREAT | OpenFlag.O_EXCL | OpenFlag.O_CLOEXEC, 0600);
  }

  /// Owner before mode, as a change of owner clears the set-id bits; times last.
  private void finish(String path, int mode) throws PosixException {
    if (isRoot && random.nextInt(3) == 0) {
      Posix.fchownat(OpenFlag.AT_FDCWD, path, random.nextInt(70_000), random.nextInt(70_000), 0);
    }
    Posix.fchmodat(OpenFlag.AT_FDCWD, path, mode, 0);
    setTimes(path);
  }

  private void setTimes(String path) throws PosixException {
    long seconds = random.nextLong(SECONDS_MAX);
    int nanos = random.nextBoolean() ? random.nextInt(1_000_000_000) : 0;
    Posix.utimensat(OpenFlag.AT_FDCWD, path, seconds, nanos, seconds, nanos);
  }
}
