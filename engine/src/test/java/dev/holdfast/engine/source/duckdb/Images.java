package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Collectors;

/// What tests do with images.
public final class Images {
  private Images() {}

  public static DuckDbEngine engine(Path scratch) {
    return new DuckDbEngine(options(scratch));
  }

  public static DuckDbOptions options(Path scratch) {
    DuckDbOptions defaults = DuckDbOptions.defaults();
    return new DuckDbOptions(
        defaults.unverifiable(),
        defaults.rounds(),
        defaults.patience(),
        java.util.List.of(scratch.toString()),
        java.util.Optional.of(Path.of("target", "duckdb-library").toAbsolutePath().toString()));
  }

  /// What happens while a disk is slow.
  @FunctionalInterface
  public interface Happening {
    void run() throws Exception;
  }

  /// An engine to which something happens after every few blocks that it copies. It has little
  /// patience.
  public static DuckDbEngine onSlowDisk(Path scratch, Happening happening) {
    return new DuckDbEngine(
        options(scratch).withBound(3, Duration.ofSeconds(2)),
        Clock.systemUTC(),
        () -> {
          try {
            happening.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /// Writes the image and what belongs to it.
  static void store(Content image, Path target) throws IOException {
    write(image, target);
    for (Companion companion : image.companions()) {
      write(companion.content(), Path.of(target + companion.suffix()));
    }
  }

  private static void write(Content content, Path target) throws IOException {
    byte[] buffer = new byte[1024 * 1024];
    try (OutputStream out = Files.newOutputStream(target)) {
      for (long position = 0; position < content.lengthBytes(); position += buffer.length) {
        int size = (int) Math.min(buffer.length, content.lengthBytes() - position);
        content.read(position, buffer, 0, size);
        out.write(buffer, 0, size);
      }
    }
  }

  /// A connection of the driver that the engine uses.
  public static Connection connect(Path database, Path scratch) throws IOException, SQLException {
    return DriverLibrary.driver(options(scratch))
        .connect("jdbc:duckdb:" + database, new Properties());
  }

  /// The bytes of a database with another storage version in their main header.
  public static byte[] inStorageVersion(byte[] database, long version) {
    byte[] bytes = database.clone();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    words.putLong(12, version);
    for (long guess = 5381; !BlockChecksum.matches(bytes, 0, FileHead.HEADER_BYTES); ) {
      for (int i = Long.BYTES; i < FileHead.HEADER_BYTES; i += Long.BYTES) {
        guess ^= words.getLong(i) * 0xbf58476d1ce4e5b9L;
      }
      words.putLong(0, guess);
    }
    return bytes;
  }

  /// What [DuckProgram#audit] says of a database.
  public static String audit(Path database, Path scratch) throws IOException, SQLException {
    try (Connection connection = connect(database, scratch);
        Statement statement = connection.createStatement()) {
      return DuckProgram.audit(statement);
    }
  }

  /// The rows of the bank's tables as [DuckProgram#audit] says them of a whole database.
  public static String rows(SourceFacts facts) {
    return "ok "
        + facts.tables().stream()
            .filter(table -> !table.name().equals("other"))
            .map(Images::rows)
            .collect(Collectors.joining(" "));
  }

  private static String rows(TableRows table) {
    return table.name() + "=" + table.rows();
  }
}
