package dev.holdfast.engine.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.stream.InputSource;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TargetTreeTest {
  @TempDir private Path folder;

  private static String layout(String... targets) throws IOException {
    return TargetTree.of(List.of(targets), List.of()).toString();
  }

  @Test
  void relativeTargetsStartAtTheirFirstName() throws IOException {
    assertThat(layout("foo")).isEqualTo("{foo=foo!}");
    assertThat(layout("./foo/bar", "foo/bar")).isEqualTo("{foo={bar=foo/bar!}}");
    assertThat(layout("../work/other")).isEqualTo("{work={other=../work/other!}}");
  }

  @Test
  void targetsShareTheDirectoriesTheyHaveInCommon() throws IOException {
    assertThat(layout("/a/b", "/a/c/d")).isEqualTo("{a={b=/a/b!, c={d=/a/c/d!}}}");
  }

  @Test
  void sameNameFromAnotherPlaceGetsANumber() throws IOException {
    assertThat(layout("foo/user1", "../foo/other", "foo/user2"))
        .isEqualTo("{foo={user1=foo/user1!, user2=foo/user2!}, foo-1={other=../foo/other!}}");
  }

  @Test
  void targetInsideAnotherOneIsNamedAndTheRestOfTheOuterOneIsNot() throws IOException {
    Files.createDirectories(folder.resolve("outer/inner"));
    Files.createFile(folder.resolve("outer/file"));
    String outer = folder.resolve("outer").toString();
    for (String[] order : List.of(new String[] {"", "/inner"}, new String[] {"/inner", ""})) {
      assertThat(layout(outer + order[0], outer + order[1]))
          .endsWith("outer={file=" + outer + "/file, inner=" + outer + "/inner!}" + closing(outer));
    }
  }

  private static String closing(String path) {
    return "}".repeat((int) path.chars().filter(c -> c == '/').count());
  }

  @Test
  void pathWithoutANameStandsForWhatIsInIt() throws IOException {
    String tree = layout("/");
    assertThat(tree).contains("etc=/etc").doesNotContain("etc=/etc!");
  }

  @Test
  void streamThatLiesWhereATargetLiesIsRejected() {
    VirtualFile stream =
        new VirtualFile("/a/b/stdin", new InputSource(InputStream.nullInputStream()));
    assertThatThrownBy(() -> TargetTree.of(List.of("/a/b"), List.of(stream)))
        .isInstanceOf(HoldfastException.Rejected.class);
  }
}
