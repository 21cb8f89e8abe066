package dev.holdfast.engine.config;

import dev.holdfast.engine.config.boundary.PathTemplate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One source of an app, as it was written down: what it stands for is found at each backup.
public sealed interface AppSource {
  /// Unique within the app.
  String name();

  /// Files, folders and databases in files, told apart by their content.
  ///
  /// @param template absolute, or relative to the app's root
  /// @param excludes patterns with restic's meaning, besides those of the app
  /// @param absence what it means if nothing matches
  record Paths(String name, PathTemplate template, List<String> excludes, Absence absence)
      implements AppSource {
    public Paths {
      excludes = List.copyOf(excludes);
    }
  }

  /// What it means that nothing matches.
  enum Absence {
    /// The backup fails.
    FAILURE,
    /// It is told: a pattern that matches nothing may be misspelled.
    WARNING,
    /// Nothing: somebody wrote down that it is not required.
    EXPECTED
  }

  /// Databases of a PostgreSQL server.
  ///
  /// @param url a connection URL or a string of keywords and values, without a password
  /// @param urlVariable the environment variable that holds such a URL, password allowed
  /// @param settings libpq's connection keywords; they win over the URL
  /// @param password where the password is
  /// @param globals whether roles and other globals of the server are stored too
  record Postgres(
      String name,
      Optional<String> url,
      Optional<String> urlVariable,
      Map<String, String> settings,
      Optional<Secret> password,
      Databases databases,
      boolean globals)
      implements AppSource {
    public Postgres {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /// Which databases of a server.
  sealed interface Databases {
    /// All but templates and those that allow no connections, new ones too.
    record All() implements Databases {}

    /// Those of these names.
    record Listed(List<String> names) implements Databases {
      public Listed {
        names = List.copyOf(names);
      }
    }

    /// The one that the connection is made to.
    record OfConnection() implements Databases {}
  }
}
