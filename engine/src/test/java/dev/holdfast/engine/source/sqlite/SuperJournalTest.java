package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HotJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Journals of somebody else's, beside a database that is opened here. One of a transaction over
/// several databases names the file of that whole transaction, which whoever rolls back removes:
/// SQLite 3.40 removed any file, the one that is loaded here only what is named as SQLite does.
class SuperJournalTest {
  @TempDir private Path directory;

  private Path database = Path.of("");

  @BeforeEach
  void makeDatabaseWithATransactionToRollBack() throws Exception {
    database = directory.resolve("app.db");
    HotJournal.make(database);
  }

  @Test
  void aFileThatAJournalNamesStaysUnlessItIsOne() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "the only one");
    HotJournal.name(database, precious.toString());
    assertThat(isTakenRolledBack()).isTrue();
    assertThat(precious).hasContent("the only one");
  }

  @Test
  void aTransactionOverSeveralDatabasesIsRolledBack() throws Exception {
    Path whole = directory.resolve("other.db-mj1A2B3C94D");
    Files.writeString(whole, Sidecars.journal(database.toString()) + "\0");
    HotJournal.name(database, whole.toString());
    assertThat(isTakenRolledBack()).isTrue();
    assertThat(whole).doesNotExist();
  }

  /// SQLite's `unix-dotfile` locks with a folder, which others do not see.
  @Test
  void aTransactionOfSomebodyWhoLocksWithAFolderIsNotRolledBack() throws Exception {
    Path lock = Files.createDirectory(directory.resolve("app.db.lock"));
    SqliteOptions options = SqliteOptions.defaults().withPatience(Duration.ZERO);
    assertThatThrownBy(() -> SqliteSource.open(database.toString(), options))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("is locked by the folder " + lock);
    assertThat(Path.of(Sidecars.journal(database.toString()))).isNotEmptyFile();
    Files.delete(lock);
    assertThat(isTakenRolledBack()).isTrue();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInThePlaceOfAJournalIsNotWaitedFor() throws Exception {
    Path journal = Path.of(Sidecars.journal(database.toString()));
    Files.delete(journal);
    Command.of("mkfifo", journal.toString()).run().succeeded();
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    assertThat(StateMark.of(database.toString(), later)).isEmpty(); // and returns
  }

  private boolean isTakenRolledBack() throws Exception {
    try (SqliteImage image = SqliteSource.open(database.toString(), SqliteOptions.defaults())) {
      return HotJournal.isRolledBack(Images.write(image, directory.resolve("copy.db")));
    }
  }
}
