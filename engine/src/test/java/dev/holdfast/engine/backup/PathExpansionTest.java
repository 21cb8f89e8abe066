package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PathExpansionTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : List.of("a1", "a2", "b1", ".hidden", "[x]", "{y}", "deep/er/a3", "deep/b")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.createFile(folder.resolve(name));
    }
  }

  private List<String> expand(String pattern) {
    String start = folder + "/";
    return PathExpansion.expand(start + pattern).stream()
        .map(path -> path.substring(start.length()))
        .toList();
  }

  @Test
  void wildcardsAndSetsMatchWithinOneName() {
    assertThat(expand("a*")).containsExactly("a1", "a2");
    assertThat(expand("?1")).containsExactly("a1", "b1");
    assertThat(expand("*")).containsExactly(".hidden", "[x]", "a1", "a2", "b1", "deep", "{y}");
    assertThat(expand("*/*/a?")).containsExactly("deep/er/a3");
    assertThat(expand("de*/b")).containsExactly("deep/b");
    assertThat(expand("z*")).isEmpty();
    assertThat(expand("a1/*")).isEmpty();
  }

  /// A shell negates a set by `!`, Go and restic by `^`.
  @Test
  void setsAndEscapesAreThoseOfRestic() {
    assertThat(expand("[^b]1")).containsExactly("a1");
    assertThat(expand("[!b]1")).containsExactly("b1");
    assertThat(expand("[[]x]")).containsExactly("[x]");
    assertThat(expand("\\[x]")).containsExactly("[x]");
    assertThat(expand("{y*")).containsExactly("{y}");
    assertThatThrownBy(() -> expand("[a"))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("[a': malformed pattern");
  }

  @Test
  void linkThatLeadsNowhereIsFound() throws IOException {
    Files.createSymbolicLink(folder.resolve("deep/gone"), Path.of("nowhere"));
    assertThat(expand("d*/gone")).containsExactly("deep/gone");
    assertThat(expand("d*/g*")).containsExactly("deep/gone");
  }

  @Test
  void namesThatAreNotUtf8AreMatchedAsTheyAre() throws PosixException {
    String name = OsString.decode(new byte[] {'n', (byte) 0xff, (byte) 0xfe, 'o'});
    int flags = OpenFlag.O_WRONLY | OpenFlag.O_CREAT | OpenFlag.O_CLOEXEC;
    Posix.close(Posix.open(folder + "/" + name, flags, 0600));
    assertThat(expand("n*")).containsExactly(name);
    assertThat(expand(name.substring(0, 2) + "*")).containsExactly(name);
    assertThat(Posix.isPresent(PathExpansion.expand(folder + "/n*").getFirst())).isTrue();
  }
}
