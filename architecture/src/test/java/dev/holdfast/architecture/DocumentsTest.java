package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Documents name only what exists: classes, packages, paths, links and commands.
class DocumentsTest {
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
  private static final Pattern CLASS_NAME = Pattern.compile("[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+");
  private static final Pattern PACKAGE_NAME = Pattern.compile("dev\\.holdfast(\\.[a-z0-9]+)+");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:\\./|\\$ |^|`)holdfast((?: --?[a-z-]+)*) ([a-z][a-z-]*)", Pattern.MULTILINE);

  private static List<Path> documents() {
    return SourceTree.files(path -> path.toString().endsWith(".md"));
  }

  private static List<String> codeIn(Path document) {
    return CODE.matcher(SourceTree.read(document)).results().map(match -> match.group(1)).toList();
  }

  @Test
  void classesInDocumentsExist() {
    Set<String> classes =
        SourceTree.javaFiles().stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    Set<String> platform = platformClasses();
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      for (String code : codeIn(document)) {
        if (CLASS_NAME.matcher(code).matches()
            && !classes.contains(code)
            && !platform.contains(code)) {
          missing.add(document + ": " + code);
        }
      }
    }
    assertThat(missing).as("classes that documents name and nobody has").isEmpty();
  }

  /// The simple names of Java's own classes, which may be spoken of.
  private static Set<String> platformClasses() {
    Path modules = Path.of(URI.create("jrt:/java.base/java"));
    try (Stream<Path> files = Files.walk(modules)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void packagesInDocumentsExist() {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      for (String code : codeIn(document)) {
        if (PACKAGE_NAME.matcher(code).matches() && !packageExists(code)) {
          missing.add(document + ": " + code);
        }
      }
    }
    assertThat(missing).as("packages that documents name and nobody has").isEmpty();
  }

  private static boolean packageExists(String name) {
    String folder = "/src/main/java/" + name.replace('.', '/') + "/";
    return SourceTree.javaFiles().stream().anyMatch(file -> file.toString().contains(folder));
  }

  @Test
  void pathsAndLinksInDocumentsExist() {
    Path root = SourceTree.root();
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      Path folder = root.resolve(document).getParent();
      Matcher link = LINK.matcher(SourceTree.read(document));
      while (link.find()) {
        if (!link.group(1).contains("://") && !Files.exists(folder.resolve(link.group(1)))) {
          missing.add(document + ": " + link.group(1));
        }
      }
      for (String code : codeIn(document)) {
        if (isOwnPath(root, code) && !Files.exists(root.resolve(code))) {
          missing.add(document + ": " + code);
        }
      }
    }
    assertThat(missing).as("paths that documents name and that do not exist").isEmpty();
  }

  /// Whether the text is a path that starts at one of the project's own folders; build output and
  /// patterns are not looked for.
  private static boolean isOwnPath(Path root, String code) {
    int slash = code.indexOf('/');
    return slash > 0
        && !code.contains(" ")
        && !code.contains("*")
        && !code.contains("<")
        && !code.contains("target")
        && !code.startsWith(".")
        && Files.isDirectory(root.resolve(code.substring(0, slash)));
  }

  @Test
  void commandsInDocumentsExist() {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      Matcher command = COMMAND.matcher(SourceTree.read(document));
      while (command.find()) {
        if (!Commands.names().contains(command.group(2))) {
          missing.add(document + ": holdfast " + command.group(2));
        }
      }
    }
    assertThat(missing).as("commands that documents name and the program has not").isEmpty();
  }
}
