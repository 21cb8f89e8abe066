package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.shape.Suggestion;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Optional;

/// Tells apps of the configuration from paths. A path with a `/` in it is never an app, and the
/// configuration is not even looked for then.
final class AppArgument {
  private AppArgument() {}

  /// The app of that name; empty if it is a path.
  ///
  /// @throws HoldfastException.Rejected if it could be either
  static Optional<App> find(Session session, String argument) {
    if (argument.indexOf('/') >= 0 || argument.equals(".") || argument.equals("..")) {
      return Optional.empty();
    }
    Optional<App> app =
        session.configuration().map(Configuration::apps).map(apps -> apps.get(argument));
    if (app.isPresent() && Posix.isPresent(argument) && !isRoot(app.get(), argument)) {
      throw new HoldfastException.Rejected(
          "'"
              + OsString.display(argument)
              + "' is an app of the configuration and a path of this folder",
          "write './"
              + OsString.display(argument)
              + "' for the path, or run the command in another folder for the app");
    }
    return app;
  }

  /// The same for what a person wrote: a name that is nearly that of an app, and no path, is a
  /// slip.
  ///
  /// @throws HoldfastException.NotFound if it is one
  static Optional<App> named(Session session, String argument) {
    Optional<App> app = find(session, argument);
    if (app.isEmpty() && argument.indexOf('/') < 0 && !Posix.isPresent(argument)) {
      session
          .configuration()
          .flatMap(known -> Suggestion.of(argument, known.apps().keySet()))
          .ifPresent(near -> {
            String shown = OsString.display(argument);
            throw new HoldfastException.NotFound(
                "there is neither an app nor a path '" + shown + "'",
                "did you mean the app '%s'? For a path that is gone write './%s'"
                    .formatted(near, shown));
          });
    }
    return app;
  }

  /// Whether it makes no difference which of the two is meant.
  private static boolean isRoot(App app, String path) {
    try {
      FileStat named = Posix.stat(path);
      return app.root().isPresent() && named.isSameFile(Posix.stat(app.root().get()));
    } catch (PosixException e) {
      return false;
    }
  }

  /// The names of all apps, if there are any.
  static Optional<String> names(Session session) {
    return session
        .configuration()
        .map(configuration -> String.join(", ", configuration.apps().keySet()))
        .filter(names -> !names.isEmpty());
  }
}
