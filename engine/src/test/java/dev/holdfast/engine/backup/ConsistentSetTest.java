package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.backup.BackupSubject.OnFailure;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestDifference;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The backup of an app as one consistent set, shown with databases that do what the test wants.
final class ConsistentSetTest {
  @TempDir private Path folder;
  private Path source;
  private TestRepository repository;
  private final PaperEngine engine = new PaperEngine();
  private final RecordedEvents events = new RecordedEvents();

  @BeforeEach
  void create() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private BackupResult backUp(OnFailure onFailure, StreamSource... streams) {
    return backUp(Subjects.app(onFailure, source), Set.of(), streams);
  }

  private BackupResult backUp(
      BackupSubject subject, Set<BackupOptions.Switch> switches, StreamSource... streams) {
    BackupOptions options = TestRepository.options().withSubject(subject).withSwitches(switches);
    options =
        options.withParent(
            ParentSnapshot.ofApp(
                repository.repository().snapshots(),
                TestRepository.HOST,
                Subjects.APP,
                options.time()));
    List<VirtualFile> files =
        Arrays.stream(streams).map(stream -> new VirtualFile("/dumps/users", stream)).toList();
    return new Archiver(repository.repository(), List.of(engine), Clock.system(ZoneOffset.UTC))
        .run(new BackupTargets(List.of(source.toString()), files), options, events);
  }

  private void write(String name, String text) {
    try {
      PaperEngine.write(source.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Manifest manifest(BackupResult result) {
    return ManifestFile.read(repository.repository(), result.snapshot()).orElseThrow();
  }

  private ManifestSource source(BackupResult result, String name) {
    return manifest(result).source(source.resolve(name).toString()).orElseThrow();
  }

  private List<String> names(BackupResult result) {
    return repository
        .repository()
        .loadTree(
            StoredTrees.find(repository.repository(), result.snapshot().tree(), source.toString())
                .subtree())
        .nodes()
        .stream()
        .map(Node::name)
        .toList();
  }

  @Test
  void manifestSaysWhatIsInside() throws Exception {
    write("a.db", "hello");
    Files.writeString(source.resolve("note.txt"), "one file");
    BackupResult result = backUp(OnFailure.FAIL);
    assertThat(events.problems()).isEmpty();
    assertThat(result.snapshot().tags()).containsExactly("app:shop", "manual");
    assertThat(result.snapshot().paths()).containsExactly("/srv/shop");
    Manifest manifest = manifest(result);
    assertThat(manifest.app()).contains("shop");
    assertThat(manifest.outside()).containsExactly("/srv/shop/tmp/");
    assertThat(manifest.sources())
        .extracting(ManifestSource::kind)
        .containsExactly("files", "paper");
    ManifestSource database = source(result, "a.db");
    assertThat(database.name()).isEqualTo("source");
    assertThat(database.facts().engineVersion()).isEqualTo("7");
    assertThat(database.facts().tables()).containsExactly(new TableRows("letters", 5, true));
    assertThat(database.facts().properties()).containsEntry("colour", "white");
    assertThat(database.instant()).isEqualTo(manifest.instant());
    assertThat(database.contentHash()).isPresent();
    assertThat(database.bytes()).isEqualTo(5);
    assertThat(manifest.sources().getFirst().files().orElseThrow().files()).isEqualTo(1);
  }

  @Test
  void companionIsStoredBesideTheDatabaseInTheOrderOfNames() throws Exception {
    write("a.db", "hello");
    Files.writeString(source.resolve("a.db.log"), "log");
    Files.writeString(source.resolve("a.db.tmp"), "left out");
    Files.writeString(source.resolve("a.db-x"), "beside");
    Files.writeString(source.resolve("a.db.z"), "beside");
    BackupResult result = backUp(OnFailure.FAIL);
    assertThat(names(result)).containsExactly("a.db", "a.db-x", "a.db.log", "a.db.z");
    Node log =
        StoredTrees.find(
            repository.repository(),
            result.snapshot().tree(),
            source.resolve("a.db.log").toString());
    assertThat(log.sizeBytes()).isEqualTo(3);
    BackupResult second = backUp(OnFailure.FAIL);
    assertThat(source(second, "a.db").wasRead()).isFalse();
    assertThat(names(second)).containsExactly("a.db", "a.db-x", "a.db.log", "a.db.z");
  }

  @Test
  void databaseThatDidNotChangeIsNotOpenedAndKeepsItsFacts() {
    write("a.db", "hello");
    write("b.db", "world!");
    BackupResult first = backUp(OnFailure.FAIL);
    engine.opened.clear();
    write("b.db", "other world");
    BackupResult second = backUp(OnFailure.FAIL);
    assertThat(engine.opened).containsExactly(source.resolve("b.db").toString());
    assertThat(source(second, "a.db").wasRead()).isFalse();
    assertThat(source(second, "a.db").facts().tables())
        .isEqualTo(source(first, "a.db").facts().tables());
    assertThat(source(second, "a.db").contentHash()).isEqualTo(source(first, "a.db").contentHash());
    assertThat(source(second, "a.db").instant()).isEqualTo(manifest(second).instant());
    assertThat(source(second, "b.db").rows()).hasValue(11);
    ManifestDifference difference = ManifestDifference.between(manifest(first), manifest(second));
    assertThat(difference.changed().getLast().tables().getFirst().gained()).isEqualTo(5);
  }

  @Test
  void databaseThatChangesWhileTheOthersAreFixedIsOpenedWithThem() {
    write("a.db", "ten");
    write("b.db", "ten");
    backUp(OnFailure.FAIL);
    write("b.db", "9");
    engine.opened.clear();
    engine.beforeOpening(() -> {
      write("a.db", "eleven");
      write("b.db", "eight");
    });
    BackupResult second = backUp(OnFailure.FAIL);
    assertThat(source(second, "a.db").rows()).hasValue(6);
    assertThat(source(second, "b.db").rows()).hasValue(5);
    assertThat(source(second, "a.db").wasRead()).isTrue();
  }

  @Test
  void tenantThatComesIsInTheNextSnapshotAndOneThatGoesIsReported() throws Exception {
    write("a.db", "one");
    write("b.db", "two");
    BackupResult first = backUp(OnFailure.FAIL);
    write("c.db", "three");
    Files.delete(source.resolve("a.db"));
    BackupResult second = backUp(OnFailure.FAIL);
    ManifestDifference difference =
        ManifestDifference.between(second.manifestBefore().orElseThrow(), manifest(second));
    assertThat(second.manifestBefore().orElseThrow().sources())
        .isEqualTo(manifest(first).sources());
    assertThat(difference.added())
        .extracting(ManifestSource::path)
        .containsExactly(source.resolve("c.db").toString());
    assertThat(difference.vanished())
        .extracting(ManifestSource::path)
        .containsExactly(source.resolve("a.db").toString());
  }

  @Test
  void databaseThatCannotBeLockedWithTheOthersIsOpenedAloneWithAWarning() {
    write("a.db", "one");
    write("b.db", "two");
    write("c.db", "three");
    engine.notTogether.add(source.resolve("b.db").toString());
    BackupResult result = backUp(OnFailure.FAIL);
    assertThat(events.of(BackupEvent.Warning.class))
        .singleElement()
        .satisfies(warning ->
            assertThat(warning.message()).contains("opened after them", "cannot be locked"));
    assertThat(source(result, "a.db").skew()).isZero();
    assertThat(source(result, "c.db").skew()).isZero();
    assertThat(source(result, "b.db").skew()).isPositive().isLessThan(Duration.ofMinutes(1));
    assertThat(manifest(result).warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning).contains("b.db", "opened after them"));
    assertThat(source(result, "b.db").facts().warnings()).as("said once").isEmpty();
  }

  @Test
  void databaseThatWasOpenedAloneAndDidNotChangeSinceShowsTheInstantOfTheOthers() {
    write("a.db", "one");
    write("b.db", "two");
    engine.notTogether.add(source.resolve("b.db").toString());
    backUp(OnFailure.FAIL);
    write("a.db", "other");
    BackupResult second = backUp(OnFailure.FAIL);
    assertThat(source(second, "b.db").wasRead()).isFalse();
    assertThat(source(second, "b.db").skew()).isZero();
    assertThat(source(second, "b.db").facts().warnings()).isEmpty();
    assertThat(manifest(second).warnings()).isEmpty();
  }

  @Test
  void sourceThatFailsMakesTheBackupFailAndNothingIsListed() {
    write("a.db", "one");
    write("b.db", "two");
    engine.locked.add(source.resolve("b.db").toString());
    assertThatThrownBy(() -> backUp(OnFailure.FAIL))
        .isInstanceOf(HoldfastException.Locked.class)
        .hasMessageContaining("b.db");
    assertThat(repository.repository().snapshots()).isEmpty();
  }

  @Test
  void partialSnapshotIsMarkedAndNeverTheLatest() {
    write("a.db", "one");
    write("b.db", "two");
    BackupResult whole = backUp(OnFailure.PARTIAL);
    assertThat(whole.snapshot().tags()).doesNotContain("partial");
    engine.locked.add(source.resolve("b.db").toString());
    write("b.db", "three");
    BackupResult partial = backUp(OnFailure.PARTIAL);
    assertThat(partial.isIncomplete()).isTrue();
    assertThat(partial.snapshot().tags()).contains("partial");
    assertThat(manifest(partial).failed())
        .singleElement()
        .satisfies(failed -> assertThat(failed.path()).endsWith("b.db"));
    assertThat(names(partial)).containsExactly("a.db");
    assertThat(repository.repository().findSnapshot("latest", SnapshotFilter.ALL).id())
        .isEqualTo(whole.id().orElseThrow());
    engine.locked.clear();
    assertThat(backUp(OnFailure.PARTIAL).snapshot().parent()).isEqualTo(whole.id().orElseThrow());
  }

  @Test
  void dumpThatBreaksOffLeavesNoSnapshotAndIsLeftOutOfAPartialOne() {
    write("a.db", "one");
    assertThatThrownBy(() -> backUp(OnFailure.FAIL, new BrokenDump()))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("killed");
    assertThat(repository.repository().snapshots()).isEmpty();
    BackupResult partial = backUp(OnFailure.PARTIAL, new BrokenDump());
    assertThat(partial.snapshot().tags()).contains("partial");
    assertThat(manifest(partial).failed())
        .extracting(Manifest.FailedSource::path)
        .containsExactly("/dumps/users");
    assertThat(manifest(partial).source("/dumps/users")).isEmpty();
  }

  @Test
  void fileWrittenAfterTheInstantIsMarked() throws Exception {
    write("a.db", "one");
    Path old = Files.writeString(source.resolve("old"), "before");
    Files.setLastModifiedTime(old, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    Thread.sleep(50); // the clock of the file system is to tick
    Dump dump = new Dump(() -> Files.writeString(source.resolve("upload"), "after"));
    BackupResult result = backUp(OnFailure.FAIL, dump);
    ManifestSource.FileCount files =
        manifest(result).source(source.toString()).orElseThrow().files().orElseThrow();
    assertThat(files.files()).isEqualTo(2);
    assertThat(files.changed()).containsExactly(source.resolve("upload").toString());
    assertThat(files.changedAfterInstant()).isEqualTo(1);
    ManifestSource users = manifest(result).source("/dumps/users").orElseThrow();
    assertThat(users.kind()).isEqualTo("dump");
    assertThat(users.skew()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void unchangedAppIsSkippedThoughItsManifestWouldDiffer() {
    write("a.db", "one");
    BackupResult first = backUp(OnFailure.FAIL);
    assertThat(first.id()).isPresent();
    Set<BackupOptions.Switch> skip = Set.of(BackupOptions.Switch.SKIP_IF_UNCHANGED);
    assertThat(backUp(Subjects.app(OnFailure.FAIL, source), skip).id()).isEmpty();
    write("a.db", "two");
    assertThat(backUp(Subjects.app(OnFailure.FAIL, source), skip).id()).isPresent();
  }

  @Test
  void treeOfFilesHasNoManifest() throws Exception {
    Files.writeString(source.resolve("file"), "content");
    BackupResult result = backUp(BackupSubject.PATHS, Set.of());
    assertThat(ManifestFile.read(repository.repository(), result.snapshot())).isEmpty();
  }

  /// Something that may fail to be read or written.
  private interface Event {
    void happen() throws IOException;
  }

  /// A dump during which something happens.
  private record Dump(Event event) implements StreamSource {
    @Override
    public String kind() {
      return "dump";
    }

    @Override
    public InputStream open() throws IOException {
      event.happen();
      return new ByteArrayInputStream(new byte[1000]);
    }

    @Override
    public void confirmComplete() {}

    @Override
    public void close() {}
  }

  /// A dump whose program is killed when it has written half.
  private record BrokenDump() implements StreamSource {
    @Override
    public String kind() {
      return "dump";
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(new byte[3_000_000]);
    }

    @Override
    public void confirmComplete() {
      throw new HoldfastException.Rejected("the program that dumps was killed", "");
    }

    @Override
    public void close() {}
  }
}
