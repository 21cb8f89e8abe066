package dev.holdfast.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A SQLite database whose last transaction was broken off half-way, with the journal that rolls it
/// back. Made by the `sqlite3` program.
public final class HotJournal {
  private static final int PAGE_BYTES = 4096;
  private static final int LOCK_BYTES_AT = 0x4000_0000;
  private static final long MAGIC = 0xd9d505f920a163d7L;
  private static final int ROWS = 500;

  private HotJournal() {}

  private static Path journal(Path database) {
    return database.resolveSibling(database.getFileName() + "-journal");
  }

  /// Makes the database, of rows that say `old`, and its journal; some of its pages say `new`.
  public static void make(Path database) throws IOException {
    Path busy = database.resolveSibling("busy.db");
    Files.deleteIfExists(busy);
    String copy = "cp '%s%s' '%s'";
    Command.of(
            "sqlite3",
            busy.toString(),
            "PRAGMA page_size = " + PAGE_BYTES,
            "CREATE TABLE t(x)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                + ROWS
                + ") INSERT INTO t SELECT 'old' || hex(zeroblob(200)) FROM n",
            "PRAGMA cache_size = 5",
            "BEGIN",
            "UPDATE t SET x = replace(x, 'old', 'new')",
            ".shell " + copy.formatted(busy, "", database),
            ".shell " + copy.formatted(busy, "-journal", journal(database)),
            "ROLLBACK")
        .run()
        .succeeded();
    Files.delete(busy);
  }

  /// Adds to the journal the name of the one of the whole transaction, as SQLite does when it
  /// commits to several databases.
  public static void name(Path database, String superJournal) throws IOException {
    byte[] name = superJournal.getBytes(StandardCharsets.UTF_8);
    int sum = 0;
    for (byte each : name) {
      sum += each;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(LOCK_BYTES_AT / PAGE_BYTES + 1);
    out.write(name);
    out.writeInt(name.length);
    out.writeInt(sum);
    out.writeLong(MAGIC);
    Files.write(journal(database), bytes.toByteArray(), StandardOpenOption.APPEND);
  }

  /// Whether the database has what it had before the transaction.
  public static boolean isRolledBack(Path database) {
    String counted =
        Command.of(
                "sqlite3",
                database.toString(),
                "PRAGMA integrity_check",
                "SELECT count(*) FROM t WHERE x GLOB 'old*'")
            .run()
            .succeeded()
            .output();
    return counted.strip().equals("ok\n" + ROWS);
  }
}
