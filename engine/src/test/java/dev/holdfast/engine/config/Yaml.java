package dev.holdfast.engine.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Configurations in text, as if they were `/etc/holdfast/holdfast.yaml`.
final class Yaml {
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  private Yaml() {}

  static ConfigurationLoader.Result read(byte[] yaml, Map<String, String> environment) {
    return ConfigurationLoader.read("holdfast.yaml", yaml, Path.of("/etc/holdfast"), environment);
  }

  static ConfigurationLoader.Result read(String yaml, Map<String, String> environment) {
    return read(yaml.getBytes(StandardCharsets.UTF_8), environment);
  }

  static List<String> problems(String yaml) {
    return problems(yaml, Map.of());
  }

  static List<String> problems(String yaml, Map<String, String> environment) {
    return read(yaml, environment).problems().stream().map(Object::toString).toList();
  }

  static Configuration configuration(String yaml, Map<String, String> environment) {
    ConfigurationLoader.Result result = read(yaml, environment);
    return result
        .configuration()
        .orElseThrow(() -> new AssertionError(result.problems().toString()));
  }

  /// The full example of the manual.
  static String manual() {
    Matcher block = BLOCK.matcher(document("docs/configuration.md"));
    if (!block.find()) {
      throw new AssertionError("no example in the manual");
    }
    return block.group(1);
  }

  /// A document of the project.
  static String document(String path) {
    try {
      return Files.readString(Path.of("..", path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
