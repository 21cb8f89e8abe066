package dev.holdfast.engine.app;

import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.boundary.Finding;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns an app, as far as its boundary reaches at this moment, into a backup.
public final class AppBackup {
  private final App app;
  private final Boundary boundary;
  private final List<AppDump> dumps;
  private final List<Manifest.FailedSource> unreachable;

  /// @param boundary the app's, expanded just now
  /// @param dumps its databases on servers
  /// @param unreachable sources on servers that could not be reached
  /// @throws HoldfastException.NotFound if nothing of the app is there, or a source of it is not
  ///   and the configuration wants all or nothing
  public AppBackup(
      App app, Boundary boundary, List<AppDump> dumps, List<Manifest.FailedSource> unreachable) {
    this.unreachable = List.copyOf(unreachable);
    this.app = app;
    this.boundary = boundary;
    this.dumps = List.copyOf(dumps);
    refuseNothing();
    refuseIncomplete();
  }

  /// The backup.
  ///
  /// @param base what was asked for besides: host, time, tags and so on
  /// @param run the kind of run, such as [Manifest#MANUAL_TAG]
  public BackupRequest request(BackupRequest base, String run) {
    List<String> paths = boundary.members().stream().map(Member::path).toList();
    List<String> excludes = new ArrayList<>(base.excludes());
    excludes.addAll(app.excludes());
    return base.of(
        new BackupTargets(paths, dumps.stream().map(AppDump::file).toList()),
        subject(run),
        rules(base.rules()),
        excludes,
        app.tags());
  }

  /// What an app calls the paths that belong to it.
  public static List<BackupSubject.Label> labels(Boundary boundary) {
    return boundary.members().stream()
        .map(member -> new BackupSubject.Label(member.source(), member.path(), member.bindings()))
        .toList();
  }

  private void refuseNothing() {
    if (boundary.members().isEmpty() && dumps.isEmpty()) {
      throw new HoldfastException.NotFound(
          "nothing of the app '" + app.name() + "' was found",
          "'holdfast config check " + app.name() + "' says what its sources match");
    }
  }

  private void refuseIncomplete() {
    for (Finding finding : boundary.findings()) {
      if (finding.severity() == Finding.Severity.FAILURE && app.onError() == App.OnError.FAIL) {
        throw new HoldfastException.NotFound(
            "the app '" + app.name() + "' is not complete: " + finding,
            "'on-error: partial' in its configuration would store the rest");
      }
    }
  }

  private BackupSubject subject(String run) {
    List<BackupSubject.Label> labels = new ArrayList<>(labels(boundary));
    dumps.forEach(dump -> labels.add(dump.label()));
    List<Manifest.FailedSource> missing = new ArrayList<>(unreachable);
    List<String> warnings = new ArrayList<>();
    for (Finding finding : boundary.findings()) {
      switch (finding.severity()) {
        case FAILURE -> missing.add(new Manifest.FailedSource(finding.path(), finding.toString()));
        case WARNING -> warnings.add(finding.toString());
      }
    }
    return new BackupSubject(
        Optional.of(app.name()),
        run,
        labels,
        recordedPaths(),
        boundary.outside().paths(),
        missing,
        warnings,
        switch (app.onError()) {
          case FAIL -> BackupSubject.OnFailure.FAIL;
          case PARTIAL -> BackupSubject.OnFailure.PARTIAL;
        });
  }

  /// The paths of the snapshot, which group it with others: the same ones as long as the
  /// configuration is the same, whichever tenants there are.
  private List<String> recordedPaths() {
    Set<String> paths = new LinkedHashSet<>();
    Map<String, String> commonOfSource = new HashMap<>();
    for (Member member : boundary.members()) {
      if (app.root().isPresent() && Paths.isWithin(app.root().get(), member.path())) {
        paths.add(app.root().get());
      } else {
        commonOfSource.merge(member.source(), member.path(), AppBackup::common);
      }
    }
    paths.addAll(commonOfSource.values());
    dumps.forEach(dump -> paths.add(UnixPath.parent(dump.file().path())));
    return paths.stream().sorted().toList();
  }

  private static String common(String one, String other) {
    String common = one;
    while (!Paths.isWithin(common, other)) {
      common = UnixPath.parent(common);
    }
    return common;
  }

  /// The excludes of the app hold everywhere, those of a source in what it matched.
  private SelectionRules rules(SelectionRules base) {
    Map<String, PathFilter> within = new HashMap<>();
    Map<String, PathFilter> ofSource = new HashMap<>();
    for (AppSource source : app.sources()) {
      if (source instanceof AppSource.Paths paths) {
        List<String> patterns = new ArrayList<>(app.excludes());
        patterns.addAll(paths.excludes());
        ofSource.put(paths.name(), PathFilter.of(patterns));
      }
    }
    for (Member member : boundary.members()) {
      PathFilter filter = ofSource.get(member.source());
      if (member.folder() && filter != null && !filter.isEmpty()) {
        within.put(member.path(), filter);
      }
    }
    return base.withinDirectories(within);
  }
}
