package dev.holdfast.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationLoaderTest {
  private static ConfigurationLoader.Result read(String yaml, Map<String, String> environment) {
    return ConfigurationLoader.read(
        "holdfast.yaml",
        yaml.getBytes(StandardCharsets.UTF_8),
        Path.of("/etc/holdfast"),
        environment);
  }

  @Test
  void everyProblemIsNamedWithLineAndColumn() {
    ConfigurationLoader.Result result =
        read(
            """
            repositories:
              main:
                location: /srv/backup
                pasword-file: /etc/secret
            apps:
              shop:
                repository: mian
                sources:
                  db:
                    path: shop.db
                    required: maybe
                on-error: partal
                on-error: fail
            """,
            Map.of());
    assertThat(result.problems())
        .extracting(Object::toString)
        .containsExactly(
            "holdfast.yaml:4:5: unknown key 'pasword-file' in the repository 'main': did you mean"
                + " 'password-file'?",
            "holdfast.yaml:7:17: there is no such repository under 'repositories': did you mean"
                + " 'main'?",
            "holdfast.yaml:11:19: 'required' must be true or false, not text",
            "holdfast.yaml:12:15: 'on-error' cannot be 'partal': did you mean 'partial'?",
            "holdfast.yaml:13:5: the key 'on-error' is given twice, the first time at line 12,"
                + " column 5");
  }
}
