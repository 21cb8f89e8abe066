package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.backup.BackupOptions.Switch;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.source.files.ExclusionMarker;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.store.ObjectType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiverTest {
  @TempDir private Path folder;

  private Path source;
  private TestRepository repository;
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

  private Path write(String name, String content) {
    try {
      Path file = source.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> paths() {
    return List.of(source.toString());
  }

  private BackupResult backUp(BackupOptions options, BackupObserver observer) {
    return repository.archiver().run(BackupTargets.ofPaths(paths()), options, observer);
  }

  private BackupResult backUp(BackupOptions options) {
    return backUp(options, events);
  }

  private BackupResult backUp(SelectionRules rules) {
    return backUp(TestRepository.options().withRules(rules, List.of()));
  }

  private Node stored(BackupResult result, String name) {
    return StoredTrees.find(
        repository.repository(),
        result.snapshot().tree(),
        source + (name.isEmpty() ? "" : "/" + name));
  }

  private List<String> names(BackupResult result, String directory) {
    List<String> names = new ArrayList<>();
    repository
        .repository()
        .loadTree(stored(result, directory).subtree())
        .nodes()
        .forEach(node -> names.add(node.name()));
    return names;
  }

  private static SelectionRules excluding(String... patterns) {
    return SelectionRules.EVERYTHING.withExcludes(PathFilter.of(List.of(patterns)));
  }

  @Test
  void excludedFilesAndDirectoriesAreLeftOutButNotTheTargetItself() {
    write("keep.txt", "1");
    write("drop.tmp", "2");
    write("cache/x", "3");
    BackupResult result = backUp(excluding("*.tmp", "cache", "source"));
    // Everything in a directory that matches is left out too, as each path in it matches.
    assertThat(names(result, "")).isEmpty();
    assertThat(names(backUp(excluding("*.tmp", "cache")), "")).containsExactly("keep.txt");
    assertThat(events.of(BackupEvent.Excluded.class))
        .extracting(BackupEvent.Excluded::path)
        .contains(source + "/drop.tmp", source + "/cache");
    assertThat(result.isIncomplete()).isFalse();
  }

  /// The store may show what was written late: the snapshot at once, what it needs later.
  @Test
  void parentThatTheIndexIsTooOldForIsComparedWithANewerOne() {
    write("a.txt", "1");
    write("b.txt", "2");
    assertThat(repository.repository().index().blobCount()).isZero();
    try (TestRepository another = TestRepository.open(repository.folder())) {
      another.archiver().run(BackupTargets.ofPaths(paths()), TestRepository.options(), events);
    }

    BackupResult result = backUp(repository.optionsWithParent(paths()));

    assertThat(result.isIncomplete()).isFalse();
    assertThat(result.snapshot().parent()).isNotNull();
    assertThat(result.summary().filesUnmodified()).isEqualTo(2);
  }

  @Test
  void markedDirectoryKeepsOnlyItsMarker() {
    write("marked/CACHEDIR.TAG", ExclusionMarker.CACHE_DIRECTORY.header() + "\n# more");
    write("marked/data", "1");
    write("marked/below/data", "1");
    write("wrong/CACHEDIR.TAG", "Signature: no");
    write("wrong/data", "1");
    write("present/.nobackup", "");
    write("present/data", "1");
    BackupResult result =
        backUp(
            SelectionRules.EVERYTHING.withMarkers(
                List.of(ExclusionMarker.CACHE_DIRECTORY, ExclusionMarker.parse(".nobackup"))));
    assertThat(names(result, "marked")).containsExactly("CACHEDIR.TAG");
    assertThat(names(result, "wrong")).containsExactly("CACHEDIR.TAG", "data");
    assertThat(names(result, "present")).containsExactly(".nobackup");
  }

  @Test
  void filesLargerThanAskedForAreLeftOut() {
    write("small", "12345");
    write("large", "123456");
    BackupResult result = backUp(SelectionRules.EVERYTHING.withLargerThan(OptionalLong.of(5)));
    assertThat(names(result, "")).containsExactly("small");
  }

  @Test
  void fileThatVanishesIsReportedAndTheRestIsStored() {
    write("a.excluded", "1");
    Path victim = write("b", "2");
    write("c", "3");
    BackupResult result =
        backUp(
            TestRepository.options().withRules(excluding("*.excluded"), List.of()),
            event -> {
              events.on(event);
              if (event instanceof BackupEvent.Excluded) {
                // The directory has been listed, its files have not been looked at yet.
                victim.toFile().delete();
              }
            });
    assertThat(names(result, "")).containsExactly("c");
    assertThat(result.isIncomplete()).isTrue();
    assertThat(events.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.path()).isEqualTo(victim.toString()));
    assertThat(result.id()).isPresent();
  }

  @Test
  void fileThatChangesWhileItIsReadIsReportedAndStoredAsRead() {
    Path file = write("log", "line\n");
    BackupResult result =
        backUp(
            TestRepository.options(),
            event -> {
              events.on(event);
              if (event instanceof BackupEvent.FileStarted) {
                append(file);
              }
            });
    assertThat(events.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("changed"));
    assertThat(stored(result, "log").sizeBytes()).isEqualTo(5);
  }

  private static void append(Path file) {
    try {
      Files.writeString(file, "another\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void missingTargetIsReportedAndTheOthersAreStored() {
    write("a", "1");
    List<String> targets = List.of(source.toString(), folder.resolve("missing").toString());
    BackupResult result =
        repository.archiver().run(BackupTargets.ofPaths(targets), TestRepository.options(), events);
    assertThat(result.isIncomplete()).isTrue();
    assertThat(names(result, "")).containsExactly("a");
  }

  @Test
  void backupOfNothingThatExistsFails() {
    assertThatThrownBy(() ->
            repository
                .archiver()
                .run(
                    BackupTargets.ofPaths(List.of(folder.resolve("missing").toString())),
                    TestRepository.options(),
                    events))
        .isInstanceOf(HoldfastException.NotFound.class);
    assertThat(repository.repository().snapshots()).isEmpty();
  }

  @Test
  void secondBackupTakesUnchangedFilesFromTheParentAndCounts() {
    write("same", "1");
    write("dir/changed", "2");
    backUp(TestRepository.options());
    write("dir/changed", "22");
    write("dir/new", "3");
    RecordedEvents second = new RecordedEvents();
    BackupResult result = backUp(repository.optionsWithParent(paths()), second);
    assertThat(result.summary().filesUnmodified()).isEqualTo(1);
    assertThat(result.summary().filesChanged()).isEqualTo(1);
    assertThat(result.summary().filesNew()).isEqualTo(1);
    assertThat(result.summary().dataBlobs()).isEqualTo(2);
    assertThat(result.summary().totalFilesProcessed()).isEqualTo(3);
    assertThat(result.summary().totalBytesProcessed()).isEqualTo(4);
    assertThat(second.of(BackupEvent.FileStarted.class))
        .extracting(BackupEvent.FileStarted::path)
        .containsExactlyInAnyOrder(source + "/dir/changed", source + "/dir/new");
    assertThat(result.snapshot().parent()).isNotNull();
  }

  @Test
  void fileWithAnotherChangeTimeIsReadAgainUnlessThatIsToBeIgnored() throws IOException {
    Path file = write("file", "1");
    backUp(TestRepository.options());
    Posix.fchmodat(OpenFlag.AT_FDCWD, file.toString(), 0600, 0);
    BackupOptions options = repository.optionsWithParent(paths());
    assertThat(backUp(options).summary().filesChanged()).isEqualTo(1);
    Posix.fchmodat(OpenFlag.AT_FDCWD, file.toString(), 0644, 0);
    RecordedEvents third = new RecordedEvents();
    backUp(
        repository.optionsWithParent(paths()).withSwitches(Set.of(Switch.IGNORE_CHANGE_TIME)),
        third);
    assertThat(third.of(BackupEvent.FileStarted.class)).isEmpty();
  }

  @Test
  void dryRunCountsEverythingAndWritesNothing() {
    write("a", "1");
    write("b", "1");
    BackupResult result = backUp(TestRepository.options().withSwitches(Set.of(Switch.DRY_RUN)));
    assertThat(result.id()).isEmpty();
    assertThat(result.summary().filesNew()).isEqualTo(2);
    assertThat(result.summary().dataBlobs()).isEqualTo(1);
    List<String> objects = new ArrayList<>();
    for (ObjectType type : List.of(ObjectType.PACK, ObjectType.INDEX, ObjectType.SNAPSHOT)) {
      repository.repository().store().list(type, each -> objects.add(each.key().path()));
    }
    assertThat(objects).isEmpty();
  }

  @Test
  void nothingIsPublishedWhenNothingChangedAndThatIsAskedFor() throws IOException {
    write("a", "1");
    backUp(TestRepository.options());
    BackupOptions options =
        repository.optionsWithParent(paths()).withSwitches(Set.of(Switch.SKIP_IF_UNCHANGED));
    Path above = Objects.requireNonNull(source.getParent());
    Files.setLastModifiedTime(above, FileTime.fromMillis(1));
    BackupResult result = backUp(options);
    assertThat(result.id()).isEmpty();
    BlobId parent = options.parent().orElseThrow().snapshot().tree();
    assertThat(result.snapshot().tree()).as("the directory above is another").isNotEqualTo(parent);
    write("a", "2");
    assertThat(backUp(options).id()).isPresent();
  }

  @Test
  void interruptedBackupLeavesNothingThatLooksLikeOne() {
    for (int i = 0; i < 500; i++) {
      write("dir" + i % 7 + "/file" + i, "content " + i);
    }
    Thread walking = Thread.currentThread();
    assertThatThrownBy(() ->
            backUp(
                TestRepository.options(),
                event -> {
                  if (event instanceof BackupEvent.FileStarted) {
                    walking.interrupt();
                  }
                }))
        .isInstanceOf(HoldfastException.Cancelled.class);
    assertThat(Thread.interrupted()).isTrue();
    repository.reopen();
    assertThat(repository.repository().snapshots()).isEmpty();
    assertThat(backUp(TestRepository.options()).summary().filesNew()).isEqualTo(500);
  }

  @Test
  void linkTargetThatIsNotUtf8IsKeptByteForByte() throws IOException {
    String target = OsString.decode(new byte[] {'x', (byte) 0xff});
    Posix.symlinkat(target, OpenFlag.AT_FDCWD, source + "/link");
    assertThat(stored(backUp(TestRepository.options()), "link").linkTarget()).isEqualTo(target);
  }

  @Test
  void totalsAreToldWhenAskedFor() throws Exception {
    write("dir/a", "123");
    CompletableFuture<BackupEvent.Totals> totals = new CompletableFuture<>();
    backUp(
        TestRepository.options().withSwitches(Set.of(Switch.SCAN)),
        event -> {
          if (event instanceof BackupEvent.Totals found) {
            totals.complete(found);
          } else if (event instanceof BackupEvent.FileStarted) {
            // Gives the scan the time it needs.
            totals.orTimeout(30, TimeUnit.SECONDS).join();
          }
        });
    assertThat(totals.get().files()).isEqualTo(1);
    assertThat(totals.get().bytes()).isEqualTo(3);
  }
}
