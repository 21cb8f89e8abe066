package dev.holdfast.engine.purge;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.record.RecordKind;
import dev.holdfast.repository.record.Records;
import dev.holdfast.repository.record.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What was erased from a repository, read once. It counts from the moment that an erasure begins,
/// whether it was finished or not.
public final class Ledger {
  private static final String TENANT = Identity.TENANT;

  private final List<Entry> entries;

  /// An erasure and where it lies.
  record Entry(StoredRecord record, Erasure erasure) {}

  private Ledger(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /// Reads it.
  ///
  /// @throws HoldfastException.Corrupt if any record is damaged: it may be of what is asked for
  public static Ledger read(Repository repository) {
    List<Entry> entries = new ArrayList<>();
    for (StoredRecord record : new Records(repository).list(RecordKind.PURGE).all()) {
      entries.add(new Entry(record, Erasure.decode(record.content())));
    }
    return new Ledger(entries);
  }

  /// This one and another together.
  public Ledger and(Ledger other) {
    List<Entry> both = new ArrayList<>(entries);
    both.addAll(other.entries);
    return new Ledger(both);
  }

  /// All erasures, in no particular order.
  public List<Erasure> erasures() {
    return entries.stream().map(Entry::erasure).toList();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// Whether exactly this was erased, or an erasure of it has begun.
  public boolean names(Identity identity) {
    return of(identity).isPresent();
  }

  List<Entry> entries() {
    return entries;
  }

  /// The newest erasure of exactly this, if there was one.
  public Optional<Erasure> of(Identity identity) {
    return entries.stream()
        .map(Entry::erasure)
        .filter(erasure -> erasure.isOf(identity))
        .max(Comparator.comparing(Erasure::time));
  }

  /// The erasure that a source of a snapshot falls under, if the snapshot is older.
  ///
  /// @param app whose snapshot it is
  /// @param shown when the source was as it is in the snapshot: what came to be after an erasure is
  ///   something else of the same name
  public Optional<Erasure> of(Optional<String> app, ManifestSource source, Instant shown) {
    String tenant = Identity.tenantOf(source.bindings()).orElse("");
    Optional<Erasure> byTenant =
        app.isPresent() && !tenant.isEmpty()
            ? of(new Identity.Tenant(app.get(), tenant)).filter(it -> it.isAfter(shown))
            : Optional.empty();
    return byTenant.or(() -> ofPath(app, source.path(), shown));
  }

  /// The erasure that a path of a snapshot falls under, by itself or by a folder that it is in.
  public Optional<Erasure> ofPath(Optional<String> app, String path, Instant shown) {
    for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      Optional<Erasure> found = ofExactly(app, path.substring(0, end), shown);
      if (found.isPresent()) {
        return found;
      }
    }
    return path.length() > 1 ? ofExactly(app, path, shown) : Optional.empty();
  }

  private Optional<Erasure> ofExactly(Optional<String> app, String path, Instant shown) {
    if (!hasPaths()) {
      return Optional.empty();
    }
    Optional<Erasure> everywhere =
        of(new Identity.Path(Optional.empty(), path)).filter(it -> it.isAfter(shown));
    return everywhere.isPresent() || app.isEmpty()
        ? everywhere
        : of(new Identity.Path(app, path)).filter(it -> it.isAfter(shown));
  }

  private boolean hasPaths() {
    return entries.stream().anyMatch(entry -> entry.erasure.kind().equals(Identity.PATH));
  }

  /// The erasure that something of another origin falls under, of which only paths are known: a
  /// tenant is looked for in every name of a path, and in every part of a name.
  ///
  /// @param apps whose it may be; empty if nothing says so: then any that something was erased of
  public Optional<Erasure> ofForeign(Set<String> apps, String path, Instant shown) {
    Set<String> owners = apps.isEmpty() ? owners() : apps;
    Optional<Erasure> found = ofPath(Optional.empty(), path, shown);
    for (String owner : owners) {
      found = found.or(() -> ofPath(Optional.of(owner), path, shown));
    }
    if (found.isPresent() || entries.stream().noneMatch(it -> it.erasure.kind().equals(TENANT))) {
      return found;
    }
    for (String name : path.split("/", -1)) {
      for (String part : NameParts.of(name)) {
        found = ofTenant(owners, part, shown);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /// The erasure of a tenant of that name.
  ///
  /// @param apps as in [#ofForeign]
  public Optional<Erasure> ofForeignTenant(Set<String> apps, String name, Instant shown) {
    return ofTenant(apps.isEmpty() ? owners() : apps, name, shown);
  }

  private Set<String> owners() {
    return entries.stream()
        .flatMap(entry -> entry.erasure.app().stream())
        .collect(Collectors.toSet());
  }

  private Optional<Erasure> ofTenant(Set<String> apps, String name, Instant shown) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return apps.stream()
        .flatMap(app -> of(new Identity.Tenant(app, name)).stream())
        .filter(it -> it.isAfter(shown))
        .findFirst();
  }

  /// Something that was erased and that a snapshot holds all the same.
  public record Held(String path, Erasure erasure) {
    /// Says so.
    @Override
    public String toString() {
      return "%s was purged from the backups on %s by %s"
          .formatted(OsString.display(path), erasure.time(), erasure.by());
    }
  }

  /// What a snapshot holds that was erased: because it is of another repository, or came back with
  /// an older copy of this one. Reads its manifest; all of its directories only if paths were
  /// erased.
  public List<Held> heldBy(Repository repository, SnapshotView snapshot) {
    Instant shown = snapshot.time().toInstant();
    if (entries.stream().noneMatch(entry -> entry.erasure.isAfter(shown))) {
      return List.of();
    }
    List<Held> held = new ArrayList<>();
    Optional<Manifest> manifest = ManifestFile.read(repository, snapshot.stored().snapshot());
    Optional<String> app = manifest.flatMap(Manifest::app);
    for (ManifestSource source : manifest.map(Manifest::sources).orElse(List.of())) {
      of(app, source, shown).ifPresent(erasure -> held.add(new Held(source.path(), erasure)));
    }
    if (hasPaths()) {
      new Walker(repository)
          .walk(
              new SnapshotPath(snapshot, "/"),
              entry -> {
                Optional<Erasure> erasure = ofExactly(app, entry.path(), shown);
                erasure.ifPresent(it -> held.add(new Held(entry.path(), it)));
                return erasure.isEmpty();
              });
    }
    return held;
  }

  /// Takes over what another repository's ledger has and this one's has not.
  ///
  /// @return how many records were added
  public static int carry(Ledger from, Repository into) {
    Ledger present = read(into);
    int added = 0;
    for (Entry entry : from.entries) {
      boolean known =
          present.entries.stream()
              .anyMatch(other -> other.erasure.hash().equals(entry.erasure.hash()));
      if (!known) {
        new Records(into).save(RecordKind.PURGE, entry.erasure.encode());
        added++;
      }
    }
    return added;
  }
}
