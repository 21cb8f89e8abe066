package dev.holdfast.cli.demo;

import dev.holdfast.repository.parallel.ThreadEnd;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The application at work: a thread that makes transfers without a pause, and measures how long
/// each commit took.
final class BusyWriter implements AutoCloseable {
  private static final int MAX_AMOUNT = 100;
  private static final int NOTE_WORDS = 12;

  private final Path database;
  private final Random random;
  private final Thread thread = Thread.ofPlatform().name("application").unstarted(this::write);
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private volatile boolean stopped;
  private volatile @Nullable SQLException failure;

  /// Starts to write.
  BusyWriter(Path database, Random random) {
    this.database = database;
    this.random = random;
  }

  void start() {
    thread.start();
  }

  private void write() {
    try (Connection connection = Bank.open(database)) {
      while (!stopped) {
        long before = System.nanoTime();
        Bank.transfer(
            connection,
            1 + random.nextInt(Bank.ACCOUNTS),
            1 + random.nextInt(Bank.ACCOUNTS),
            1 + random.nextInt(MAX_AMOUNT),
            note());
        longestNanos.accumulateAndGet(System.nanoTime() - before, Math::max);
        commits.incrementAndGet();
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private String note() {
    StringBuilder note = new StringBuilder();
    for (int i = 0; i < NOTE_WORDS; i++) {
      note.append(Integer.toString(random.nextInt(1 << 20), Character.MAX_RADIX)).append(' ');
    }
    return note.toString();
  }

  long commits() {
    return commits.get();
  }

  /// The longest commit since the last call, in milliseconds.
  double takeLongestMillis() {
    return longestNanos.getAndSet(0) / 1e6;
  }

  /// Stops the writer and waits for its last transaction.
  @Override
  public void close() throws SQLException {
    stopped = true;
    ThreadEnd.await(thread);
    SQLException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }
}
