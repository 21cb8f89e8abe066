package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  @Test
  void fileIsReplacedWholeAndNothingIsLeftBesideIt() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "much more than what comes now");
    WholeFile.write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**/.*");
  }

  @Test
  void linkStaysAndTheFileThatItLeadsToIsReplaced() throws Exception {
    Path file = Files.writeString(Files.createDirectory(folder.resolve("d")).resolve("f"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    WholeFile.write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void whatIsNoFileIsWrittenToAndNotReplaced() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/null"));
    WholeFile.write(link, "new");
    assertThat(link).isSymbolicLink();
    assertThatThrownBy(() -> WholeFile.write(folder.resolve("no/f"), "new"))
        .isInstanceOf(InputOutput.class)
        .hasMessageEndingWith("cannot be written: no such file or folder");
  }
}
