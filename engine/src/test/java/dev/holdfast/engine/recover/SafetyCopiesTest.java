package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static dev.holdfast.engine.recover.Place.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.SafetyCopies.Kept;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Safety copies are listed, and deleted when somebody says that all is well.
@Tag("slow")
class SafetyCopiesTest {
  @TempDir Path folder;
  private Path data;
  private Path users;
  private Place place;
  private SnapshotView snapshot;
  private Kept kept;

  @BeforeEach
  void aDatabaseAndAFolderThatWereRecovered() throws IOException {
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    users = data.resolve("users.db");
    Path files = Files.createDirectories(data.resolve("files/deep"));
    Files.write(files.resolve("one"), new byte[100_000]);
    sqlite(users, "CREATE TABLE t(id); INSERT INTO t VALUES(1);");
    place = Place.in(folder).withoutRestorePoint();
    snapshot = place.backUp(users, data.resolve("files"));
    sqlite(users, "INSERT INTO t VALUES(2)");
    assertThat(place.recover(snapshot, users, data.resolve("files")).isRecovered()).isTrue();
    kept = copies().list(Optional.empty()).getFirst();
  }

  @AfterEach
  void close() {
    place.close();
  }

  private SafetyCopies copies() {
    return place.recoveries().safetyCopies();
  }

  private void delete() {
    copies()
        .delete(
            kept,
            database -> {
              throw new AssertionError(database);
            });
  }

  private Journal journal() {
    return place.recoveries().list().getFirst().journal();
  }

  @Test
  void theLastRecoveryIsTheOneThatBeganLastWhateverTheClockSaid() throws IOException {
    Path first = Path.of(journal().path());
    String year = kept.plan().made().toString().substring(0, 4);
    Files.writeString(
        first, Files.readString(first).replace("\"made\":\"" + year, "\"made\":\"" + "9999"));
    sqlite(users, "INSERT INTO t VALUES(3)");

    assertThat(place.recover(snapshot, users).isRecovered()).isTrue();

    assertThat(place.recoveries().list())
        .hasSize(2)
        .first()
        .satisfies(one -> assertThat(one.journal().plan().made()).isAfter(Instant.now()));
  }

  @Test
  void aDamagedJournalIsNamedWithWhatToDo() throws IOException {
    Files.writeString(Path.of(journal().path()), "damaged\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> place.recoveries().list())
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining(kept.plan().id())
        .extracting(e -> ((HoldfastException) e).hint())
        .asString()
        .contains("move the file away");
  }

  @Test
  void theyAreListedWithTheirSize() {
    assertThat(kept.paths())
        .hasSize(2)
        .allMatch(path -> path.contains(".pre-restore.") && Files.exists(Path.of(path)));
    assertThat(kept.bytes()).isBetween(100_000L, 10_000_000L);
    assertThat(kept.age(Instant.now())).isPositive();
  }

  @Test
  void theyAreListedByAge() {
    assertThat(copies().list(Optional.of(Instant.now().minusSeconds(3600)))).isEmpty();
    assertThat(copies().list(Optional.of(Instant.now()))).hasSize(1);
  }

  @Test
  void deletedTheyAreGoneAndThereIsNoUndo() {
    delete();

    assertThat(names(data)).containsExactly("files", "users.db");
    assertThat(copies().list(Optional.empty())).isEmpty();
    assertThat(journal().confirmation()).isEqualTo(Journal.Confirmation.DONE);
    assertThat(sqlite(users, "SELECT count(*) FROM t")).isEqualTo("1");
    assertThatThrownBy(() -> place.recoveries().planUndo(kept.plan().id()))
        .isInstanceOf(HoldfastException.NotFound.class)
        .hasMessageContaining("were deleted");
  }

  @Test
  void aLogOfADatabaseThatWasGoneIsASafetyCopyAsWell() throws IOException {
    delete();
    Files.delete(users);
    Files.writeString(data.resolve("users.db-wal"), "of something else");
    assertThat(place.recover(snapshot, users).isRecovered()).isTrue();

    kept = copies().list(Optional.empty()).getFirst();
    assertThat(kept.paths()).singleElement().asString().endsWith("-wal");
    delete();

    assertThat(names(data)).containsExactly("files", "users.db");
  }

  @Test
  void whatWasDeletedInPartIsNoWayBackAndIsFinished() throws IOException {
    // As a crash leaves it: the journal says that it has begun, and some are gone.
    delete();
    List<String> lines = Files.readAllLines(Path.of(journal().path()));
    Files.write(Path.of(journal().path()), lines.subList(0, lines.size() - 1));
    Files.copy(users, Path.of(kept.plan().replacements().getFirst().safety() + "-wal"));

    assertThat(journal().confirmation()).isEqualTo(Journal.Confirmation.BEGUN);
    assertThatThrownBy(() -> place.recoveries().planUndo(kept.plan().id()))
        .isInstanceOf(HoldfastException.NotFound.class);
    kept = copies().list(Optional.empty()).getFirst();
    assertThat(kept.paths()).singleElement().asString().endsWith("-wal");
    delete();

    assertThat(names(data)).containsExactly("files", "users.db");
  }

  @Test
  void somethingElseInTheirPlaceIsNotDeleted() throws IOException {
    Path copy = Path.of(kept.plan().replacements().getFirst().safety());
    Files.move(copy, folder.resolve("kept"));
    Files.writeString(copy, "of somebody else");

    assertThatThrownBy(this::delete)
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("is not what the recovery put there");

    assertThat(copy).hasContent("of somebody else");
    assertThat(kept.paths()).allMatch(path -> Files.exists(Path.of(path)));
    assertThat(journal().confirmation()).isEqualTo(Journal.Confirmation.NONE);
  }

  @Test
  void theyStayWhileTheSamePathIsBeingRecovered() throws IOException {
    // An undo that was interrupted: it is made of these very copies.
    Path journals = folder.resolve("state");
    Outcome undone =
        place
            .recoveries()
            .undo(place.recoveries().planUndo(kept.plan().id()), RecoverObserver.NONE);
    assertThat(undone.isRecovered()).isTrue();
    Path second;
    try (Stream<Path> all = Files.list(journals)) {
      second =
          all.filter(it -> it.toString().endsWith(".jsonl"))
              .filter(it -> !it.toString().contains(kept.plan().id()))
              .findFirst()
              .orElseThrow();
    }
    List<String> lines = Files.readAllLines(second);
    Files.write(second, lines.subList(0, lines.size() - 1), StandardOpenOption.TRUNCATE_EXISTING);

    assertThatThrownBy(this::delete).isInstanceOf(HoldfastException.Locked.class);
  }
}
