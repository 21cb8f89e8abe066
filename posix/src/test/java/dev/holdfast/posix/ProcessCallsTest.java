package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessCallsTest {
  private static final int HANGUP_EXIT = 128 + 1;

  @TempDir Path directory;

  @Test
  void aProcessThatIgnoresHangupOutlivesARealOne() throws Exception {
    try (ChildJvm child = ChildJvm.start(HangupProgram.class, "ignore")) {
      assertThat(child.readLine()).isEqualTo("ready");
      for (int i = 0; i < 3; i++) {
        child.signal("HUP");
        child.writeLine("still here");
        assertThat(child.readLine()).isEqualTo("still here");
      }
      assertThat(isIgnored(child.pid(), 1)).isTrue();
      child.writeLine("end");
      assertThat(child.waitFor()).isZero();
    }
  }

  @Test
  void aProcessThatDoesNotIgnoreHangupDiesOfIt() throws Exception {
    assumeFalse(isIgnored(Posix.getpid(), 1), "started under nohup, which children inherit");
    try (ChildJvm child = ChildJvm.start(HangupProgram.class, "die")) {
      assertThat(child.readLine()).isEqualTo("ready");
      assertThat(isIgnored(child.pid(), 1)).isFalse();
      child.signal("HUP");
      assertThat(child.waitFor()).isEqualTo(HANGUP_EXIT);
    }
  }

  @Test
  void aProcessIsAliveUntilItEnds() throws Exception {
    assertThat(Posix.isAlive(Posix.getpid())).isTrue();
    assertThat(Posix.isAlive(1)).isTrue();
    long pid;
    try (ChildJvm child = ChildJvm.start(HangupProgram.class, "die")) {
      pid = child.pid();
      assertThat(Posix.isAlive(pid)).isTrue();
      child.writeLine("end");
      child.waitFor();
    }
    assertThat(Posix.isAlive(pid)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1L << 32, Long.MAX_VALUE})
  void numbersThatNameNoProcessAreNotAlive(long pid) {
    assertThat(Posix.isAlive(pid)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exclusive", "shared"})
  void theHolderOfALockIsFound(String kind) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[200]);
    try (Descriptor opened = Descriptor.open(file.toString(), OpenFlag.O_RDWR, 0);
        ChildJvm child = ChildJvm.start(LockProgram.class, file.toString(), kind)) {
      assertThat(child.readLine()).startsWith("locked");
      assertThat(Posix.lockHolder(opened.fd(), 0, 0)).isEqualTo(child.pid());
      assertThat(Posix.lockHolder(opened.fd(), 109, 1)).isEqualTo(child.pid());
      assertThat(Posix.lockHolder(opened.fd(), 0, 100)).isEqualTo(Posix.NO_HOLDER);
      assertThat(Posix.lockHolder(opened.fd(), 110, 0)).isEqualTo(Posix.NO_HOLDER);
    }
  }

  @Test
  void usersAndGroupsHaveTheirNames() {
    assertThat(Posix.userName(0)).isEqualTo("root");
    assertThat(Posix.userName(0)).isEqualTo("root");
    assertThat(Posix.groupName(0)).isEqualTo("root");
    assertThat(Posix.userName(4_294_000_000L)).isEmpty();
    assertThat(Posix.groupName(4_294_000_000L)).isEmpty();
  }

  @Test
  void thisProcessKnowsItself() throws Exception {
    assertThat(Posix.getpid()).isEqualTo(ProcessHandle.current().pid());
    Path own = Files.createFile(directory.resolve("own"));
    assertThat(Posix.getuid()).isEqualTo(number(Files.getAttribute(own, "unix:uid")));
    assertThat(Posix.geteuid()).isEqualTo(Posix.getuid());
    assertThat(Posix.getgid()).isNotNegative();
  }

  @Test
  void limitOfOpenFilesIsTheKernels() throws Exception {
    String limits = Files.readString(Path.of("/proc/self/limits"));
    Matcher line = Pattern.compile("Max open files +(\\d+)").matcher(limits);
    assertThat(line.find()).isTrue();
    assertThat(Posix.openFilesMax()).isEqualTo(Long.parseLong(line.group(1)));
  }

  private static long number(Object attribute) {
    return ((Number) attribute).longValue();
  }

  /// From the mask of ignored signals that the kernel shows.
  private static boolean isIgnored(long pid, int signal) throws Exception {
    String line =
        Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(each -> each.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    long mask = Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
    return (mask >> (signal - 1) & 1) == 1;
  }
}
