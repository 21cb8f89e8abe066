package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameCallsTest {
  @TempDir Path directory;
  private int dir;

  @BeforeEach
  void openTheDirectory() throws PosixException {
    dir = Posix.open(directory.toString(), OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY, 0);
  }

  @AfterEach
  void closeTheDirectory() throws PosixException {
    Posix.close(dir);
  }

  @Test
  void allNamesOfALargeDirectoryAreListedEachTime() throws Exception {
    int count = 3000;
    for (int i = 0; i < count; i++) {
      Posix.close(
          Posix.openat(
              dir, "name-that-is-not-short-" + i, OpenFlag.O_CREAT | OpenFlag.O_RDWR, 0600));
    }
    for (int round = 0; round < 2; round++) {
      assertThat(Posix.readDirectory(dir))
          .hasSize(count)
          .extracting(DirEntry::name)
          .doesNotHaveDuplicates()
          .allMatch(name -> name.startsWith("name-that-is-not-short-"));
    }
  }

  @Test
  void entriesSayWhatTheyAre() throws Exception {
    Posix.mkdirat(dir, "..directory", 0700);
    Posix.symlinkat("nowhere", dir, ".link");
    Posix.mknodat(dir, "fifo", FileType.FIFO, 0600, 0);
    Posix.mknodat(dir, "socket", FileType.SOCKET, 0600, 0);
    Posix.mknodat(dir, "...", FileType.REGULAR, 0600, 0);
    Map<String, FileType> found = new HashMap<>();
    for (DirEntry entry : Posix.readDirectory(dir)) {
      FileStat stat = Posix.fstatat(dir, entry.name(), OpenFlag.AT_SYMLINK_NOFOLLOW);
      assertThat(entry.type()).isIn(stat.type(), FileType.UNKNOWN);
      found.put(entry.name(), stat.type());
    }
    assertThat(found)
        .containsOnly(
            Map.entry("..directory", FileType.DIRECTORY),
            Map.entry(".link", FileType.SYMLINK),
            Map.entry("fifo", FileType.FIFO),
            Map.entry("socket", FileType.SOCKET),
            Map.entry("...", FileType.REGULAR));
  }

  @Test
  void listingAFileOrAClosedDescriptorFails() throws Exception {
    int file = Posix.openat(dir, "file", OpenFlag.O_CREAT | OpenFlag.O_RDWR, 0600);
    assertFails(Errno.ENOTDIR, () -> Posix.readDirectory(file));
    Posix.close(file);
    assertFails(Errno.EBADF, () -> Posix.readDirectory(-1));
  }

  @Test
  void linksGiveBackTheirTargetsWhateverTheyHold() throws Exception {
    List<String> targets = List.of("x", "\uDCFF\uDCC3(", "/" + "y".repeat(4000), "../ä\n");
    for (int i = 0; i < targets.size(); i++) {
      Posix.symlinkat(targets.get(i), dir, "link" + i);
      assertThat(Posix.readlinkat(dir, "link" + i)).isEqualTo(targets.get(i));
    }
    int link = Posix.openat(dir, "link0", OpenFlag.O_PATH | OpenFlag.O_NOFOLLOW, 0);
    assertThat(Posix.readlinkat(link, "")).isEqualTo("x");
    Posix.close(link);
    assertFails(
        Errno.ELOOP, () -> Posix.openat(dir, "link0", OpenFlag.O_RDONLY | OpenFlag.O_NOFOLLOW, 0));
  }

  @Test
  void renamingReplacesRefusesOrExchanges() throws Exception {
    Files.writeString(directory.resolve("a"), "a");
    Files.writeString(directory.resolve("b"), "b");
    assertFails(Errno.EEXIST, () -> Posix.renameat(dir, "a", dir, "b", OpenFlag.RENAME_NOREPLACE));
    Posix.renameat(dir, "a", dir, "b", OpenFlag.RENAME_EXCHANGE);
    assertThat(directory.resolve("a")).hasContent("b");
    Posix.renameat(dir, "a", dir, "b");
    assertThat(directory.resolve("b")).hasContent("b");
    assertThat(directory.resolve("a")).doesNotExist();
  }

  @Test
  void hardLinksShareTheirFile() throws Exception {
    Files.writeString(directory.resolve("a"), "a");
    Posix.linkat(dir, "a", dir, "b", 0);
    FileStat a = Posix.fstatat(dir, "a", 0);
    assertThat(a.links()).isEqualTo(2);
    assertThat(a.isSameFile(Posix.fstatat(dir, "b", 0))).isTrue();
    Posix.unlinkat(dir, "a", 0);
    assertThat(Posix.fstatat(dir, "b", 0).links()).isEqualTo(1);
  }

  @Test
  void directoriesAreRemovedAsDirectoriesOnly() throws Exception {
    Posix.mkdirat(dir, "d", 0700);
    assertFails(Errno.EISDIR, () -> Posix.unlinkat(dir, "d", 0));
    Files.createFile(directory.resolve("d/file"));
    assertFails(Errno.ENOTEMPTY, () -> Posix.unlinkat(dir, "d", OpenFlag.AT_REMOVEDIR));
    Posix.unlinkat(dir, "d/file", 0);
    Posix.unlinkat(dir, "d", OpenFlag.AT_REMOVEDIR);
    assertThat(Posix.readDirectory(dir)).isEmpty();
  }

  @Test
  void deviceNodesKeepTheirNumbers() throws Exception {
    FileStat zero = Posix.stat("/dev/zero");
    assertThat(zero.type()).isEqualTo(FileType.CHARACTER_DEVICE);
    Object rdev = Files.getAttribute(Path.of("/dev/zero"), "unix:rdev", LinkOption.NOFOLLOW_LINKS);
    assertThat(zero.rdev()).isEqualTo(((Number) rdev).longValue());
    try {
      Posix.mknodat(dir, "zero", FileType.CHARACTER_DEVICE, 0600, zero.rdev());
    } catch (PosixException e) {
      Assumptions.abort("may not make devices here: " + e.getMessage());
    }
    assertThat(Posix.fstatat(dir, "zero", 0).rdev()).isEqualTo(zero.rdev());
  }

  private static void assertFails(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
  }
}
