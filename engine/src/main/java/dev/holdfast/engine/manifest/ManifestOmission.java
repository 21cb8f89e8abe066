package dev.holdfast.engine.manifest;

import dev.holdfast.engine.manifest.ManifestSource.FileCount;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.posix.OsString;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// What is left of a manifest when a part of its snapshot is left out: nothing in it names what is
/// gone, and what it says of the rest stays true. Databases and dumps go as a whole or stay as they
/// are, with their rows; of folders, the numbers of files go down.
public final class ManifestOmission {
  private final Manifest manifest;
  private final Predicate<String> omits;
  private final Predicate<String> tells;
  private final LeftOut leftOut;
  private final Set<String> gonePaths = new TreeSet<>();

  /// What was left out below a folder that stays.
  public interface LeftOut {
    /// Ordinary files.
    long files(String folder);

    /// Their lengths.
    long bytes(String folder);
  }

  /// @param omits whether an entry of the snapshot is left out, or a folder that is empty without
  ///   what is, whatever becomes of what is above
  /// @param tells whether a sentence tells of what is gone, besides those with its path
  public ManifestOmission(
      Manifest manifest, Predicate<String> omits, Predicate<String> tells, LeftOut leftOut) {
    this.manifest = manifest;
    this.omits = omits;
    this.tells = tells;
    this.leftOut = leftOut;
    manifest.sources().forEach(source -> note(source.path()));
    manifest.failed().forEach(failed -> note(failed.path()));
    manifest.outside().forEach(this::note);
  }

  private void note(String path) {
    if (isGone(path)) {
      gonePaths.add(path);
      gonePaths.add(OsString.display(path));
    }
  }

  /// The folders of which it must be known what was left out of them.
  public static Set<String> folders(Manifest manifest) {
    Set<String> folders = new TreeSet<>();
    manifest.sources().stream()
        .filter(source -> source.files().isPresent())
        .forEach(source -> folders.add(source.path()));
    return folders;
  }

  /// The manifest of the rest; equal to what it was if nothing in it was about what is gone.
  public Manifest rest() {
    return new Manifest(
        manifest.program(),
        manifest.app(),
        manifest.run(),
        manifest.host(),
        manifest.start(),
        manifest.instant(),
        manifest.end(),
        manifest.sources().stream().filter(s -> !isGone(s.path())).map(this::rest).toList(),
        manifest.failed().stream()
            .filter(failed -> !isGone(failed.path()) && !isAboutGone(failed.reason()))
            .toList(),
        manifest.outside().stream().filter(path -> !isGone(path)).toList(),
        sentences(manifest.warnings()));
  }

  /// Whether a path, or a folder that it is in, is left out.
  private boolean isGone(String path) {
    for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      if (omits.test(path.substring(0, end))) {
        return true;
      }
    }
    return path.length() > 1 && omits.test(path);
  }

  private List<String> sentences(List<String> given) {
    return given.stream().filter(sentence -> !isAboutGone(sentence)).toList();
  }

  private boolean isAboutGone(String sentence) {
    return tells.test(sentence) || gonePaths.stream().anyMatch(sentence::contains);
  }

  private ManifestSource rest(ManifestSource source) {
    Optional<FileCount> files = source.files().map(count -> rest(source, count));
    long bytes =
        files.isEmpty()
            ? source.bytes()
            : Math.max(0, source.bytes() - ofItself(source, leftOut::bytes, ManifestSource::bytes));
    SourceFacts facts = source.facts();
    return source.with(
        bytes,
        new SourceFacts(
            facts.engineVersion(),
            facts.instant(),
            facts.tables(),
            facts.schemaFingerprint(),
            facts.properties(),
            sentences(facts.warnings())),
        files);
  }

  private FileCount rest(ManifestSource source, FileCount count) {
    List<String> changed = count.changed().stream().filter(path -> !isGone(path)).toList();
    long fewer = (long) count.changed().size() - changed.size();
    long gone = ofItself(source, leftOut::files, ManifestOmission::files);
    return new FileCount(
        Math.max(0, count.files() - gone),
        Math.max(changed.size(), count.changedAfterInstant() - fewer),
        changed);
  }

  private static long files(ManifestSource source) {
    return source.files().map(FileCount::files).orElse(1L);
  }

  private interface Below {
    long of(String folder);
  }

  /// What is gone of a folder, without what belongs to other sources in it.
  private long ofItself(ManifestSource folder, Below below, ToLongFunction<ManifestSource> whole) {
    long gone = below.of(folder.path());
    for (ManifestSource other : manifest.sources()) {
      if (isDirectlyIn(folder, other)) {
        gone -=
            isGone(other.path())
                ? manifest.sources().stream()
                    .filter(inner -> Paths.isWithin(other.path(), inner.path()))
                    .mapToLong(whole)
                    .sum()
                : other.files().isPresent() ? below.of(other.path()) : 0;
      }
    }
    return Math.max(0, gone);
  }

  private boolean isDirectlyIn(ManifestSource folder, ManifestSource other) {
    return isInside(folder, other)
        && manifest.sources().stream()
            .noneMatch(between ->
                between.files().isPresent()
                    && isInside(folder, between)
                    && isInside(between, other));
  }

  private static boolean isInside(ManifestSource folder, ManifestSource other) {
    return !other.path().equals(folder.path()) && Paths.isWithin(folder.path(), other.path());
  }
}
