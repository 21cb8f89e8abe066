package dev.holdfast.cli.command;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.source.sql.SqlScript;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// The statements that mask a clone.
final class MaskOptions {
  /// A script that a person wrote is shorter.
  private static final long SCRIPT_BYTES_MAX = 1 << 20;

  /// Ends a script whose last statement, or comment, has no end.
  private static final String BETWEEN = "\n;\n";

  @Option(
      names = "--mask-sql",
      paramLabel = "[SOURCE=]FILE",
      description =
          "SQL that is run on the new state, in one transaction, before it goes live; a query in it"
              + " is a check that must find no row; repeatable for several sources")
  List<String> masks = new ArrayList<>();

  boolean isEmpty() {
    return masks.isEmpty();
  }

  /// What is run on a source; empty for nothing.
  Optional<String> of(String source) {
    String prefix = source + "=";
    return masks.stream()
        .filter(mask -> !isForAll(mask) && mask.startsWith(prefix))
        .map(mask -> read(mask.substring(prefix.length())))
        .findFirst()
        .or(() -> masks.stream().filter(MaskOptions::isForAll).map(MaskOptions::read).findFirst());
  }

  /// What is run on each source of an app that something is recovered to: what its configuration
  /// says if that comes from another app, and then what the options say. No file is read twice.
  ///
  /// @param origin the app that it comes from
  Function<String, Optional<String>> of(App app, App origin) {
    Map<String, Optional<String>> known = new HashMap<>();
    return source -> known.computeIfAbsent(source, it -> of(app, origin, it));
  }

  private Optional<String> of(App app, App origin, String source) {
    List<String> scripts = new ArrayList<>();
    if (!app.name().equals(origin.name())) {
      app.recovery().masks().getOrDefault(source, List.of()).stream()
          .map(MaskOptions::read)
          .forEach(scripts::add);
    }
    of(source).ifPresent(scripts::add);
    return scripts.isEmpty() ? Optional.empty() : Optional.of(String.join(BETWEEN, scripts));
  }

  /// Makes sure that every script is for something: a name that is misspelt must not leave anything
  /// unmasked.
  ///
  /// @param sources of the app
  void requireSources(List<String> sources) {
    for (String mask : masks) {
      String source = isForAll(mask) ? "" : mask.substring(0, mask.indexOf('='));
      if (isForAll(mask) && sources.size() > 1) {
        throw new HoldfastException.Rejected(
            "'--mask-sql " + mask + "' does not say for which source it is",
            "write --mask-sql SOURCE=FILE; the sources are " + String.join(", ", sources));
      }
      if (!isForAll(mask) && !sources.contains(source)) {
        throw new HoldfastException.Rejected(
            "there is no source '" + source + "' to be masked",
            "the sources are " + String.join(", ", sources));
      }
    }
  }

  /// The sources that something is to be run on.
  Set<String> sources(App app, App origin) {
    Set<String> sources = new TreeSet<>();
    if (!app.name().equals(origin.name())) {
      sources.addAll(app.recovery().masks().keySet());
    }
    masks.stream()
        .filter(mask -> !isForAll(mask))
        .map(mask -> mask.substring(0, mask.indexOf('=')))
        .forEach(sources::add);
    return sources;
  }

  private static boolean isForAll(String mask) {
    return !mask.contains("=") || Files.exists(Path.of(mask));
  }

  /// The statements of a file.
  ///
  /// @throws HoldfastException if it cannot be read, or there are none in it
  static String read(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > SCRIPT_BYTES_MAX) {
        throw new HoldfastException.Rejected("the script '" + file + "' is too long", "");
      }
      String script = Files.readString(path, StandardCharsets.UTF_8);
      if (SqlScript.split(script).isEmpty()) {
        throw new HoldfastException.Rejected("there is no statement in '" + file + "'", "");
      }
      return script;
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the statements in '" + file + "' cannot be read: " + Reason.of(e), "", e);
    }
  }
}
