package dev.holdfast.engine.backup;

import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.lock.Holder;
import dev.holdfast.repository.write.WriteGate;
import dev.holdfast.repository.write.WriterOptions;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A backup as a person asks for it, with names and words instead of the records of the format.
///
/// @param hostname recorded instead of this machine's
/// @param time recorded instead of now
/// @param parent name of the snapshot to compare with; found if empty
/// @param force whether every file is read, whatever there is to compare with
/// @param workingDirectory absolute; where relative targets start
/// @param subject what the snapshot is of
/// @param programVersion such as `holdfast 0.1.0`
public record BackupRequest(
    BackupTargets targets,
    SelectionRules rules,
    List<String> excludes,
    List<String> tags,
    Optional<String> hostname,
    Optional<OffsetDateTime> time,
    Optional<String> parent,
    boolean force,
    Set<BackupOptions.Switch> switches,
    WriterOptions writer,
    String workingDirectory,
    BackupSubject subject,
    String programVersion) {
  public BackupRequest {
    excludes = List.copyOf(excludes);
    tags = List.copyOf(tags);
    switches = Set.copyOf(switches);
  }

  /// Makes the backup.
  ///
  /// @param engines the kinds of databases that are recognized
  /// @param user who makes it
  /// @param comparedWith told, before the work begins, the short id of the snapshot that files are
  ///   compared with, if there is one
  public BackupReport run(
      Repository repository,
      List<DatabaseEngine> engines,
      Holder user,
      Clock clock,
      Consumer<Optional<String>> comparedWith,
      BackupObserver observer) {
    OffsetDateTime instant = now(clock);
    BackupOptions.Origin origin =
        new BackupOptions.Origin(
            host(user), user.username(), user.uid(), user.gid(), workingDirectory, programVersion);
    Optional<StoredSnapshot> before = findParent(repository, origin.hostname(), instant);
    comparedWith.accept(before.map(stored -> stored.id().hash().toShortHex()));
    BackupOptions options =
        BackupOptions.of(origin, instant)
            .withTags(tags)
            .withRules(rules, excludes)
            .withParent(before)
            .withSwitches(switches)
            .withWriter(writer)
            .withSubject(subject);
    return BackupReport.of(
        new Archiver(repository, engines, clock).run(targets, options, observer));
  }

  /// The same backup of an app.
  ///
  /// @param newTargets its members and dumps
  /// @param newRules what is left out
  /// @param newExcludes the same, as patterns for the record
  /// @param moreTags besides those of this request
  public BackupRequest of(
      BackupTargets newTargets,
      BackupSubject newSubject,
      SelectionRules newRules,
      List<String> newExcludes,
      List<String> moreTags) {
    List<String> allTags = new ArrayList<>(tags);
    allTags.addAll(moreTags);
    return new BackupRequest(
        newTargets,
        newRules,
        newExcludes,
        allTags,
        hostname,
        time,
        parent,
        force,
        switches,
        writer,
        workingDirectory,
        newSubject,
        programVersion);
  }

  /// The same backup, which asks this gate before it stores anything.
  public BackupRequest withGate(WriteGate gate) {
    return new BackupRequest(
        targets,
        rules,
        excludes,
        tags,
        hostname,
        time,
        parent,
        force,
        switches,
        writer.withGate(gate),
        workingDirectory,
        subject,
        programVersion);
  }

  private OffsetDateTime now(Clock clock) {
    return time.orElseGet(() -> OffsetDateTime.now(clock));
  }

  private String host(Holder user) {
    return hostname.orElseGet(user::hostname);
  }

  private Optional<StoredSnapshot> findParent(
      Repository repository, String host, OffsetDateTime instant) {
    if (force) {
      return Optional.empty();
    }
    if (parent.isPresent()) {
      return Optional.of(
          new Snapshots(repository).find(parent.get(), SnapshotFilter.ALL).snapshot().stored());
    }
    if (subject.app().isPresent()) {
      return ParentSnapshot.ofApp(repository.snapshots(), host, subject.app().get(), instant);
    }
    List<String> paths =
        targets.virtualFiles().isEmpty()
            ? targets.existing((_, _) -> {}).paths()
            : targets.virtualFiles().stream().map(file -> file.path()).toList();
    return ParentSnapshot.find(repository.snapshots(), host, paths, workingDirectory, instant);
  }
}
