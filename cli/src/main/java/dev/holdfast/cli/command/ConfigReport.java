package dev.holdfast.cli.command;

import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.ConfigurationLoader;
import java.util.List;
import java.util.Map;

/// How `config check` says what it found.
interface ConfigReport {
  /// The file is not right.
  void invalid(String file, ConfigurationLoader.Result result);

  /// The file is right, and this is what the things it names are like.
  ///
  /// @param repositories the password of each repository that has one in the configuration
  void valid(
      Configuration configuration,
      Map<String, SecretCheck> repositories,
      List<ConfigCheck.Checked> apps);
}
