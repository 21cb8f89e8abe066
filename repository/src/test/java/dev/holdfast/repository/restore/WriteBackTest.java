package dev.holdfast.repository.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteBackTest {
  @TempDir Path folder;

  @Test
  void fileThatIsClosedMeanwhileIsLeftWithoutADescriptor() throws Exception {
    Path path = folder.resolve("file");
    int flags = OpenFlag.O_RDWR | OpenFlag.O_CREAT;
    try (WriteBack writeBack = new WriteBack()) {
      for (int i = 0; i < 10 * WriteBack.MAX_WAITING; i++) {
        try (Descriptor file = Descriptor.open(path.toString(), flags, 0600)) {
          Posix.pwrite(file.fd(), new byte[4096], 0, 4096, 4096L * i);
          writeBack.start(file.fd());
        }
      }
    }
    assertThat(openFiles()).doesNotContain(path);
  }

  private static List<Path> openFiles() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.map(WriteBackTest::target).toList();
    }
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException closedMeanwhile) {
      return link;
    }
  }
}
