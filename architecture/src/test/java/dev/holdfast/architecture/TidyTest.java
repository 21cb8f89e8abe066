package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What a reader of any file may rely on.
class TidyTest {
  private static final int MAX_LINES = 400;
  private static final Pattern VAR = Pattern.compile("(^|[\\s(])var\\s+\\w+\\s*[=:;]");
  private static final Pattern PROSE = Pattern.compile("^\\s*(//|\\*|/\\*).*");
  private static final Pattern BANNED_NAME =
      Pattern.compile(".*(Util|Utils|Helper|Manager|Impl)\\.java");
  private static final Set<String> BANNED_PACKAGES = Set.of("util", "common", "impl", "misc");

  @Test
  void filesAreShortEnoughToRead() {
    List<Path> tooLong =
        SourceTree.javaFiles().stream()
            .filter(file -> SourceTree.read(file).lines().count() > MAX_LINES)
            .toList();
    assertThat(tooLong).as("files of more than %d lines", MAX_LINES).isEmpty();
  }

  @Test
  void typesOfVariablesAreWritten() {
    List<Path> withVar =
        SourceTree.javaFiles().stream()
            .filter(file ->
                SourceTree.read(file)
                    .lines()
                    .filter(line -> !PROSE.matcher(line).matches())
                    .anyMatch(line -> VAR.matcher(line).find()))
            .filter(file -> !file.endsWith("TidyTest.java"))
            .toList();
    assertThat(withVar).as("files that use var").isEmpty();
  }

  @Test
  void namesSayWhatThingsAre() {
    List<Path> vague =
        SourceTree.javaFiles().stream()
            .filter(file ->
                BANNED_NAME.matcher(file.getFileName().toString()).matches()
                    || inBannedPackage(file))
            .toList();
    assertThat(vague).as("files with names that say nothing").isEmpty();
  }

  private static boolean inBannedPackage(Path file) {
    for (Path name : file) {
      if (BANNED_PACKAGES.contains(name.toString())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    Set<Path> missing = new TreeSet<>();
    for (Path file : SourceTree.javaFiles()) {
      Path folder = file.getParent();
      if (folder != null
          && file.toString().contains("src/main/java")
          && !Files.exists(SourceTree.root().resolve(folder).resolve("package-info.java"))) {
        missing.add(folder);
      }
    }
    assertThat(missing).as("packages without package-info.java").isEmpty();
  }

  @Test
  void everyPackageRefusesNullsByDefault() {
    List<Path> open =
        SourceTree.javaFiles().stream()
            .filter(file -> file.endsWith("package-info.java"))
            .filter(file -> !SourceTree.read(file).contains("@NullMarked"))
            .toList();
    assertThat(open).as("package-info.java without @NullMarked").isEmpty();
  }
}
