package dev.holdfast.cli.command;

import dev.holdfast.engine.archive.Staged;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.purge.Erasure;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.purge.Ledger;
import dev.holdfast.engine.purge.Ledger.Held;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Keeps what was purged from coming back: from a snapshot that holds it still, by a recovery or a
/// copy, or from an archive.
final class Purged {
  private final Repository repository;
  private final Ledger ledger;

  private Purged(Repository repository, Ledger ledger) {
    this.repository = repository;
    this.ledger = ledger;
  }

  /// What counts for what is taken from a repository.
  static Purged of(Repository repository) {
    return new Purged(repository, Ledger.read(repository));
  }

  /// What counts for copies: both ledgers. The target takes over what it lacks of the other.
  static Purged copying(Repository source, Repository target) {
    Ledger ofSource = Ledger.read(source);
    Ledger.carry(ofSource, target);
    return new Purged(source, ofSource.and(Ledger.read(target)));
  }

  /// Why a snapshot is not copied.
  Optional<String> objection(SnapshotView snapshot) {
    return ledger.heldBy(repository, snapshot).stream()
        .findFirst()
        .map(held -> held + "; purge it from the repository that it is in");
  }

  /// What of a snapshot's manifest may be recovered.
  ///
  /// @param notice told what is left out
  /// @throws HoldfastException.Rejected if something is inside of a source that cannot be left out
  Manifest allowed(SnapshotView snapshot, Manifest manifest, Consumer<String> notice) {
    List<Held> held = ledger.heldBy(repository, snapshot);
    List<ManifestSource> sources = new ArrayList<>(manifest.sources());
    for (Held one : held) {
      boolean whole = sources.removeIf(source -> Paths.isWithin(one.path(), source.path()));
      boolean inside =
          sources.stream().anyMatch(source -> Paths.isWithin(source.path(), one.path()));
      if (!whole && inside) {
        throw refused(one);
      }
      notice.accept(one + ": it is left out");
    }
    return held.isEmpty() ? manifest : manifest.withSources(sources);
  }

  /// Refuses paths of a snapshot of which something was purged.
  void refuse(SnapshotView snapshot, List<String> paths) {
    for (Held held : ledger.heldBy(repository, snapshot)) {
      for (String path : paths) {
        if (Paths.isWithin(path, held.path()) || Paths.isWithin(held.path(), path)) {
          throw refused(held);
        }
      }
    }
  }

  private static HoldfastException.Rejected refused(Held held) {
    return new HoldfastException.Rejected(
        held + ", and this snapshot holds it still",
        "recover a later snapshot, or parts of this one by their paths");
  }

  /// Refuses an archive with something that was purged after it was made.
  ///
  /// @param app whose snapshot it is to be
  /// @param names what that app calls what is in it
  void refuse(Optional<String> app, Staged staged, List<BackupSubject.Label> names) {
    if (ledger.isEmpty()) {
      return;
    }
    Instant shown = staged.time().orElse(Instant.EPOCH);
    Set<String> apps = new TreeSet<>();
    app.ifPresent(apps::add);
    staged.origin().app().ifPresent(apps::add);
    Set<String> tenants = new TreeSet<>(staged.origin().tenants());
    names.forEach(label -> Identity.tenantOf(label.bindings()).ifPresent(tenants::add));
    for (String tenant : tenants) {
      refuse(ledger.ofForeignTenant(apps, tenant, shown), "the tenant '" + tenant + "'");
    }
    for (String path : paths(staged)) {
      refuse(ledger.ofForeign(apps, path, shown), OsString.display(path));
    }
  }

  private static List<String> paths(Staged staged) {
    List<String> paths = new ArrayList<>(staged.paths());
    staged.labels().forEach(label -> paths.add(label.path()));
    staged.files().forEach(file -> paths.add(file.path()));
    Path tree = Path.of(staged.tree());
    try (Stream<Path> all = Files.walk(tree)) {
      all.forEach(path -> paths.add("/" + tree.relativize(path)));
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the unpacked archive cannot be read: " + Reason.of(e), "", e);
    }
    return paths;
  }

  private static void refuse(Optional<Erasure> erasure, String what) {
    erasure.ifPresent(it -> {
      throw new HoldfastException.Rejected(
          "%s of the archive was purged from the backups on %s by %s"
              .formatted(what, it.time(), it.by()),
          "take it out of the archive");
    });
  }
}
