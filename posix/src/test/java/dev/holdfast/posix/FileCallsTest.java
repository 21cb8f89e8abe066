package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCallsTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path directory;
  private String path = "";

  @BeforeEach
  void nameAFile() {
    path = directory.resolve("file").toString();
  }

  @Test
  void whatIsWrittenIsReadInPiecesAndBeyondTheScratch() throws Exception {
    byte[] content = random(MEBIBYTE + 12_345);
    try (Descriptor file = create()) {
      Posix.pwrite(file.fd(), content, 100, content.length - 100, 100);
      Posix.pwrite(file.fd(), content, 0, 100, 0);
      assertThat(Files.readAllBytes(Path.of(path))).isEqualTo(content);
      byte[] back = new byte[content.length + 10];
      assertThat(Posix.pread(file.fd(), back, 5, content.length, 0)).isEqualTo(content.length);
      assertThat(Arrays.copyOfRange(back, 5, 5 + content.length)).isEqualTo(content);
    }
  }

  @Test
  void secondDescriptorOutlivesTheFirst() throws Exception {
    int second;
    try (Descriptor file = create()) {
      Posix.pwrite(file.fd(), new byte[] {7}, 0, 1, 0);
      second = Posix.duplicate(file.fd());
    }
    byte[] into = new byte[1];
    assertThat(Posix.pread(second, into, 0, 1, 0)).isEqualTo(1);
    assertThat(into).containsExactly(7);
    Posix.close(second);
  }

  @Test
  void readingStopsWhereTheFileEnds() throws Exception {
    Files.write(Path.of(path), new byte[] {1, 2, 3});
    try (Descriptor file = Descriptor.open(path, OpenFlag.O_RDONLY, 0)) {
      byte[] into = new byte[8];
      assertThat(Posix.pread(file.fd(), into, 0, 8, 1)).isEqualTo(2);
      assertThat(Posix.pread(file.fd(), into, 0, 8, 3)).isZero();
      assertThat(Posix.pread(file.fd(), into, 0, 0, 0)).isZero();
      assertThat(Posix.read(file.fd(), into, 4, 4)).isEqualTo(3);
      assertThat(Posix.read(file.fd(), into, 4, 4)).isZero();
      assertThat(into).containsExactly(2, 3, 0, 0, 1, 2, 3, 0);
    }
  }

  @Test
  void consecutiveWritesFollowEachOther() throws Exception {
    byte[] content = random(3 * Scratch.DATA_BYTES + 7);
    try (Descriptor file = create()) {
      Posix.write(file.fd(), content, 0, 10);
      Posix.write(file.fd(), content, 10, content.length - 10);
      Posix.fsync(file.fd());
      Posix.fdatasync(file.fd());
      Posix.syncfs(file.fd());
      Posix.syncFileRange(file.fd(), 0, 4096, OpenFlag.SYNC_FILE_RANGE_WRITE);
      Posix.fadvise(file.fd(), 0, 0, OpenFlag.POSIX_FADV_DONTNEED);
    }
    assertThat(Files.readAllBytes(Path.of(path))).isEqualTo(content);
  }

  @Test
  void rangesOutsideTheArrayAreRefusedBeforeAnyCall() throws Exception {
    try (Descriptor file = create()) {
      byte[] array = new byte[10];
      assertThatThrownBy(() -> Posix.pread(file.fd(), array, 5, 6, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> Posix.pwrite(file.fd(), array, -1, 2, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(Posix.fstat(file.fd()).sizeBytes()).isZero();
    }
  }

  @Test
  void holesAndDataAreFound() throws Exception {
    try (Descriptor file = create()) {
      Posix.ftruncate(file.fd(), 8L * MEBIBYTE);
      Posix.pwrite(file.fd(), new byte[] {1}, 0, 1, 4L * MEBIBYTE);
      long data = Posix.lseekData(file.fd(), 0);
      assertThat(data).isBetween(0L, 4L * MEBIBYTE);
      assertThat(Posix.lseekHole(file.fd(), 4L * MEBIBYTE))
          .isBetween(4L * MEBIBYTE + 1, 8L * MEBIBYTE);
      assertThat(Posix.lseekData(file.fd(), 8L * MEBIBYTE)).isEqualTo(-1);
      assertThat(Posix.lseekHole(file.fd(), 8L * MEBIBYTE)).isEqualTo(-1);
    }
  }

  @Test
  void anUnnamedFileGetsItsNameInOneStepAndNeverReplaces() throws Exception {
    byte[] content = random(1000);
    try (Descriptor dir = openDirectory();
        Descriptor file = openTemporary()) {
      Posix.write(file.fd(), content, 0, content.length);
      assertThat(Posix.readDirectory(dir.fd())).isEmpty();
      assertThat(Posix.fstat(file.fd()).mode()).isEqualTo(0600);
      Posix.linkTemporary(file.fd(), dir.fd(), "file");
      assertThat(Files.readAllBytes(Path.of(path))).isEqualTo(content);
      assertFails(Errno.EEXIST, () -> Posix.linkTemporary(file.fd(), dir.fd(), "file"));
    }
  }

  @Test
  void spaceIsReservedAndPunched() throws Exception {
    try (Descriptor file = create()) {
      Posix.fallocate(file.fd(), 0, 0, MEBIBYTE);
      assertThat(Posix.fstat(file.fd()).sizeBytes()).isEqualTo(MEBIBYTE);
      assertThat(Posix.fstat(file.fd()).blocks512()).isGreaterThanOrEqualTo(MEBIBYTE / 512);
      int punch = OpenFlag.FALLOC_FL_PUNCH_HOLE | OpenFlag.FALLOC_FL_KEEP_SIZE;
      Posix.fallocate(file.fd(), punch, 0, MEBIBYTE);
      assertThat(Posix.fstat(file.fd()).sizeBytes()).isEqualTo(MEBIBYTE);
      assertThat(Posix.fstat(file.fd()).blocks512()).isLessThan(MEBIBYTE / 512);
    }
  }

  @Test
  void theKernelCopiesAndClonesWhereItCan() throws Exception {
    byte[] content = random(10_000);
    Files.write(Path.of(path), content);
    Path copy = directory.resolve("copy");
    try (Descriptor from = Descriptor.open(path, OpenFlag.O_RDONLY, 0);
        Descriptor to =
            Descriptor.open(copy.toString(), OpenFlag.O_RDWR | OpenFlag.O_CREAT, 0600)) {
      assertThat(Posix.copyFileRange(from.fd(), 1000, to.fd(), 0, 5000)).isEqualTo(5000);
      assertThat(Files.readAllBytes(copy)).isEqualTo(Arrays.copyOfRange(content, 1000, 6000));
      assertThat(Posix.copyFileRange(from.fd(), 10_000, to.fd(), 0, 5000)).isZero();
      cloneOrBeRefused(from, to, content, copy);
    }
  }

  private static void cloneOrBeRefused(Descriptor from, Descriptor to, byte[] content, Path copy)
      throws Exception {
    try {
      Posix.cloneFile(from.fd(), to.fd());
    } catch (PosixException e) {
      assertThat(e.errno()).isIn(Errno.EOPNOTSUPP, Errno.EINVAL, Errno.EXDEV, Errno.ENOTTY);
      return;
    }
    assertThat(Files.readAllBytes(copy)).isEqualTo(content);
  }

  @Test
  void failuresNameTheCallTheFileAndTheReason() throws Exception {
    assertThatThrownBy(() -> Posix.open(directory + "/no\u001B\uDCFF", OpenFlag.O_RDONLY, 0))
        .isInstanceOf(PosixException.class)
        .hasMessage("openat " + directory + "/no\\x1b\\xff: no such file or directory");
    assertFails(Errno.EBADF, () -> Posix.read(-1, new byte[1], 0, 1));
    assertFails(Errno.EBADF, () -> Posix.close(-1));
    assertFails(Errno.EISDIR, () -> Posix.open(directory.toString(), OpenFlag.O_WRONLY, 0));
  }

  @Test
  void namesThatTheSystemWouldCutOffAreRefused() throws Exception {
    Files.createFile(Path.of(path));
    assertFails(Errno.EINVAL, () -> Posix.open(path + "\0.txt", OpenFlag.O_RDONLY, 0));
    assertFails(Errno.ENAMETOOLONG, () -> Posix.open("/" + "x".repeat(4095), 0, 0));
    assertFails(Errno.ENOENT, () -> Posix.open("/" + "./".repeat(2045) + "none", 0, 0));
  }

  @Test
  void aDescriptorIsClosedOnce() throws Exception {
    Descriptor first = create();
    int fd = first.fd();
    first.close();
    try (Descriptor second = create()) {
      assertThat(second.fd()).isEqualTo(fd);
      first.close();
      assertThat(Posix.fstat(second.fd()).isRegular()).isTrue();
    }
    assertThatThrownBy(first::fd).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Descriptor.own(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void descriptorsAreNotInheritedByOtherPrograms() throws Exception {
    try (Descriptor file = create()) {
      String info = Files.readString(Path.of("/proc/self/fdinfo/" + file.fd()));
      String flags = info.lines().filter(line -> line.startsWith("flags:")).findFirst().orElse("");
      int set = Integer.parseInt(flags.substring("flags:".length()).strip(), 8);
      assertThat(set & OpenFlag.O_CLOEXEC).isNotZero();
    }
  }

  private Descriptor create() throws PosixException {
    return Descriptor.open(path, OpenFlag.O_RDWR | OpenFlag.O_CREAT | OpenFlag.O_TRUNC, 0600);
  }

  private Descriptor openTemporary() throws PosixException {
    try {
      return Descriptor.own(Posix.openTemporary(directory.toString()));
    } catch (PosixException e) {
      assertThat(e.errno()).as(e.getMessage()).isEqualTo(Errno.EOPNOTSUPP);
      return Assumptions.abort("no unnamed files on this file system");
    }
  }

  private Descriptor openDirectory() throws PosixException {
    return Descriptor.open(directory.toString(), OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY, 0);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static void assertFails(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
  }
}
