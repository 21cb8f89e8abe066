package dev.holdfast.engine.archive.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What processes that were killed left of a file goes, and nothing that is still written.
class NewFileTest {
  private static final String SOME_ID = "00000000-0000-0000-0000-000000000000";

  /// Begins a file and waits until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      try (NewFile file = NewFile.begin(Path.of(arguments[0]), false)) {
        file.stream().flush();
        System.out.println("begun");
        System.exit(System.in.read());
      }
    }
  }

  @TempDir Path folder;

  private List<Path> partial() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains(".partial-")).toList();
    }
  }

  private void write(Path file) throws IOException {
    try (NewFile written = NewFile.begin(file, true)) {
      written.stream().write("whole".getBytes(StandardCharsets.UTF_8));
      written.publish();
    }
    assertThat(file).hasContent("whole");
  }

  @Test
  void whatAKilledProcessLeftGoesWithTheNextAndWhatALivingOneWritesStays() throws Exception {
    Path file = folder.resolve("a.tar.gz");
    Process other = Command.ofMain(Holder.class, file.toString()).start();
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("begun");
      List<Path> theirs = partial();

      write(file);
      assertThat(partial()).hasSize(1).isEqualTo(theirs);

      other.destroyForcibly().waitFor();
      write(file);
      assertThat(partial()).isEmpty();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void whatThisProcessIsWritingAndWhatIsOfOtherFilesStays() throws IOException {
    Path file = folder.resolve("a.tar.gz");
    Path other = Files.createFile(folder.resolve(".a.tar.gz.sha256.partial-" + SOME_ID));
    try (NewFile first = NewFile.begin(file, false)) {
      write(file);
      assertThat(partial()).hasSize(2).contains(other);
      first.publish();
    }
    assertThat(partial()).containsExactly(other);
    assertThat(file).isEmptyFile();
  }
}
