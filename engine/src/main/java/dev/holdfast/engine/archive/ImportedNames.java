package dev.holdfast.engine.archive;

import dev.holdfast.engine.backup.BackupSubject.Label;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.DatabaseEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an app calls the content of an archive: without the names of its sources an archive would
/// be recovered as one folder, with everything around it.
public final class ImportedNames {
  private ImportedNames() {}

  /// The names of what the app's sources match in an archive. What they do not match is called by
  /// its path, and never takes the rest of the app with it.
  public static List<Label> of(App app, Staged staged, List<DatabaseEngine> engines) {
    List<Label> labels = new ArrayList<>();
    app.root().ifPresent(root -> labels.addAll(ofFiles(app, staged.tree(), root, engines)));
    for (Label label : staged.labels()) {
      if (label.bindings().containsKey(Manifest.DATABASE_BINDING)) {
        source(app, label.bindings().get(Manifest.DATABASE_BINDING))
            .ifPresent(name -> labels.add(new Label(name, label.path(), label.bindings())));
      }
    }
    return labels;
  }

  private static List<Label> ofFiles(
      App app, String tree, String root, List<DatabaseEngine> engines) {
    App unpacked = App.of(app.name(), Optional.of(Paths.clean(tree + root)), app.sources());
    Boundary boundary = Boundary.expand(unpacked, engines);
    List<Label> labels = new ArrayList<>();
    for (String outside : boundary.outside().paths()) {
      String path = Paths.clean(outside).substring(tree.length());
      labels.add(new Label(path, path, Map.of()));
    }
    for (Member member : boundary.members()) {
      if (Paths.isWithin(tree, member.path())) {
        String path = member.path().substring(tree.length());
        labels.add(new Label(member.source(), path, member.bindings()));
      }
    }
    return labels;
  }

  /// The source of a database: the one that lists it, or else the only one there is.
  private static Optional<String> source(App app, String database) {
    List<AppSource.Postgres> all =
        app.sources().stream()
            .filter(AppSource.Postgres.class::isInstance)
            .map(AppSource.Postgres.class::cast)
            .toList();
    return all.stream()
        .filter(source ->
            source.databases() instanceof AppSource.Databases.Listed listed
                && listed.names().contains(database))
        .findFirst()
        .or(() -> all.size() == 1 ? all.stream().findFirst() : Optional.empty())
        .map(AppSource.Postgres::name);
  }
}
