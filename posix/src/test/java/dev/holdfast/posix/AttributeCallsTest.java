package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributeCallsTest {
  @TempDir Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void makeAFile() throws Exception {
    file = Files.write(directory.resolve("file"), new byte[12_345]);
  }

  @Test
  void theStatusIsTheOneThatJavaSees() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    for (Path path :
        new Path[] {file, directory, directory.resolve("link"), Path.of("/dev/null")}) {
      FileStat stat = Posix.lstat(path.toString());
      Map<String, Object> seen = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
      assertThat(stat.mode()).isEqualTo((int) number(seen, "mode") & 07777);
      assertThat(stat.uid()).isEqualTo(number(seen, "uid"));
      assertThat(stat.gid()).isEqualTo(number(seen, "gid"));
      assertThat(stat.inode()).isEqualTo(number(seen, "ino"));
      assertThat(stat.deviceId()).isEqualTo(number(seen, "dev"));
      assertThat(stat.rdev()).isEqualTo(number(seen, "rdev"));
      assertThat(stat.links()).isEqualTo(number(seen, "nlink"));
      assertThat(stat.sizeBytes()).isEqualTo(number(seen, "size"));
      assertThat(stat.isDirectory()).isEqualTo(seen.get("isDirectory"));
      assertThat(stat.isRegular()).isEqualTo(seen.get("isRegularFile"));
      assertThat(stat.isSymlink()).isEqualTo(seen.get("isSymbolicLink"));
      assertThat(seen.get("lastModifiedTime").toString())
          .startsWith(Instant.ofEpochSecond(stat.mtimeSeconds()).toString().substring(0, 19));
    }
  }

  @Test
  void linksAreFollowedOnlyWhereAsked() throws Exception {
    String link = Files.createSymbolicLink(directory.resolve("link"), file).toString();
    assertThat(Posix.lstat(link).type()).isEqualTo(FileType.SYMLINK);
    assertThat(Posix.stat(link).sizeBytes()).isEqualTo(12_345);
    try (Descriptor opened = Descriptor.open(link, OpenFlag.O_RDONLY, 0)) {
      assertThat(Posix.fstat(opened.fd())).isEqualTo(Posix.stat(link));
    }
  }

  @Test
  void timesKeepTheirNanosecondsBefore1970AndOnLinks() throws Exception {
    String link = Files.createSymbolicLink(directory.resolve("link"), file).toString();
    FileStat target = Posix.stat(link);
    Posix.utimensat(OpenFlag.AT_FDCWD, link, -2, 999_999_999, -1, 1);
    FileStat stat = Posix.lstat(link);
    assertThat(stat.atimeSeconds()).isEqualTo(-2);
    assertThat(stat.atimeNanos()).isEqualTo(999_999_999);
    assertThat(stat.mtimeSeconds()).isEqualTo(-1);
    assertThat(stat.mtimeNanos()).isEqualTo(1);
    assertThat(Posix.stat(link).mtimeNanos()).isEqualTo(target.mtimeNanos());
  }

  @Test
  void aTimeCanBeLeftAsItIs() throws Exception {
    try (Descriptor opened = Descriptor.open(file.toString(), OpenFlag.O_RDWR, 0)) {
      Posix.futimens(opened.fd(), 11, 22, 33, 44);
      Posix.futimens(opened.fd(), 0, OpenFlag.UTIME_OMIT, 55, 66);
      FileStat stat = Posix.fstat(opened.fd());
      assertThat(stat.atimeSeconds()).isEqualTo(11);
      assertThat(stat.atimeNanos()).isEqualTo(22);
      assertThat(stat.mtimeSeconds()).isEqualTo(55);
      assertThat(stat.mtimeNanos()).isEqualTo(66);
    }
  }

  @Test
  void allTwelveBitsOfAModeAreSet() throws Exception {
    for (int mode : new int[] {07777, 0, 04755, 02755, 01777, 0640}) {
      Posix.fchmodat(OpenFlag.AT_FDCWD, file.toString(), mode, 0);
      assertThat(Posix.lstat(file.toString()).mode()).isEqualTo(mode);
    }
    try (Descriptor opened = Descriptor.open(file.toString(), OpenFlag.O_RDONLY, 0)) {
      Posix.fchmod(opened.fd(), 0600);
      assertThat(Posix.fstat(opened.fd()).mode()).isEqualTo(0600);
    }
  }

  @Test
  void ownersAreSetOnTheLinkAndLargeNumbersSurvive() throws Exception {
    Assumptions.assumeTrue(Posix.geteuid() == 0, "only root gives files away");
    String link = Files.createSymbolicLink(directory.resolve("link"), file).toString();
    int nofollow = OpenFlag.AT_SYMLINK_NOFOLLOW;
    Posix.fchownat(OpenFlag.AT_FDCWD, link, 4_000_000_000L, 4_294_967_294L, nofollow);
    assertThat(Posix.lstat(link).uid()).isEqualTo(4_000_000_000L);
    assertThat(Posix.lstat(link).gid()).isEqualTo(4_294_967_294L);
    Posix.fchownat(OpenFlag.AT_FDCWD, link, -1, 7, nofollow);
    assertThat(Posix.lstat(link).uid()).isEqualTo(4_000_000_000L);
    assertThat(Posix.lstat(link).gid()).isEqualTo(7);
    assertThat(Posix.stat(link).uid()).isEqualTo(0);
  }

  @Test
  void extendedAttributesComeBackByPathAndByDescriptor() throws Exception {
    String path = file.toString();
    byte[] value = new byte[2000];
    new Random(7).nextBytes(value);
    assumeAttributes(path);
    try (Descriptor opened = Descriptor.open(path, OpenFlag.O_RDWR, 0)) {
      Posix.setXattr(path, "user.by path", value);
      Posix.setXattr(opened.fd(), "user.\uDCFF", new byte[0]);
      assertThat(Posix.listXattr(path)).contains("user.by path", "user.\uDCFF");
      assertThat(Posix.listXattr(opened.fd())).isEqualTo(Posix.listXattr(path));
      assertThat(Posix.getXattr(opened.fd(), "user.by path")).isEqualTo(value);
      assertThat(Posix.getXattr(path, "user.\uDCFF")).isEmpty();
      Posix.removeXattr(path, "user.\uDCFF");
      Posix.removeXattr(opened.fd(), "user.by path");
      assertThat(Posix.listXattr(path)).doesNotContain("user.by path", "user.\uDCFF");
      assertFails(Errno.ENODATA, () -> Posix.getXattr(path, "user.by path"));
      assertFails(Errno.ENODATA, () -> Posix.removeXattr(opened.fd(), "user.by path"));
    }
  }

  @Test
  void attributesOfALinkAreNotThoseOfItsTarget() throws Exception {
    assumeAttributes(file.toString());
    Posix.setXattr(file.toString(), "user.x", new byte[] {1});
    String link = Files.createSymbolicLink(directory.resolve("link"), file).toString();
    assertThat(Posix.listXattr(link)).doesNotContain("user.x");
    assertFails(Errno.EPERM, () -> Posix.setXattr(link, "user.y", new byte[] {1}));
  }

  @Test
  void pathsThroughADirectoryDescriptorLeadToItsEntries() throws Exception {
    int flags = OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY;
    try (Descriptor dir = Descriptor.open(directory.toString(), flags, 0)) {
      assertThat(Posix.lstat(Posix.pathAt(dir.fd(), "file")))
          .isEqualTo(Posix.lstat(file.toString()));
    }
  }

  @Test
  void procHasNoAttributesWithoutFailing() throws Exception {
    assertThat(Posix.listXattr("/proc/self/status")).doesNotContain("user.x");
  }

  @Test
  void theFileSystemSaysHowMuchItHolds() throws Exception {
    FileSystemStat stat = Posix.statfs(directory.toString());
    assertThat(stat.totalBytes()).isEqualTo(Files.getFileStore(directory).getTotalSpace());
    assertThat(stat.availableBytes()).isBetween(0L, stat.totalBytes());
  }

  @Test
  void deviceNumbersAreThoseOfTheCLibrary() {
    assertThat(AttributeCalls.deviceNumber(8, 1)).isEqualTo(0x801);
    assertThat(AttributeCalls.deviceNumber(0, 0x12345)).isEqualTo(0x12300045L);
    assertThat(AttributeCalls.deviceNumber(0x12345, 0)).isEqualTo(0x0001_2000_0003_4500L);
    assertThat(AttributeCalls.deviceNumber(-1, -1)).isEqualTo(-1);
  }

  private static void assumeAttributes(String path) throws PosixException {
    try {
      Posix.setXattr(path, "user.probe", new byte[] {1});
      Posix.removeXattr(path, "user.probe");
    } catch (PosixException e) {
      Assumptions.abort("no extended attributes here: " + e.getMessage());
    }
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) attributes.get(name)).longValue();
  }

  private static void assertFails(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
  }
}
