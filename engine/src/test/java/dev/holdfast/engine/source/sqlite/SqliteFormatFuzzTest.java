package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Fuzzer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whatever bytes lie where SQLite's headers are expected, they are read or refused.
class SqliteFormatFuzzTest {
  @Test
  void databaseHeadersAreReadOrRefused() {
    Fuzzer.of(SqliteFormatFuzzTest.class, "sqlite-header")
        .allowing(SqliteHeader.MalformedHeaderException.class)
        .run(input -> {
          byte[] head = Arrays.copyOf(input, SqliteHeader.LENGTH_BYTES);
          int length = Math.min(input.length, head.length);
          assertThat(SqliteDetector.classify(head, length)).isNotNull();
          SqliteHeader header = SqliteHeader.parse(head, length);
          assertThat(SqliteHeader.isPageSize(header.pageSizeBytes())).isTrue();
        });
  }

  @Test
  void walIndexHeadersAreReadOrRefused() {
    Fuzzer.of(SqliteFormatFuzzTest.class, "wal-index")
        .run(input -> {
          byte[] raw = Arrays.copyOf(input, WalIndexHeader.LENGTH_BYTES);
          WalIndexHeader.parse(raw)
              .filter(header -> header.lastFrame() > 0)
              .ifPresent(
                  header -> assertThat(SqliteHeader.isPageSize(header.pageSizeBytes())).isTrue());
        });
  }

  @Test
  void placesInTheLogNeverOverflow() {
    long last = (1L << 32) - 1;
    assertThat(WalFormat.pageOffset(last, SqliteHeader.MAX_PAGE_BYTES)).isPositive();
  }

  @Test
  void framesAreFoundAsTheyWereEntered() {
    Fuzzer.of(SqliteFormatFuzzTest.class, "frames")
        .run(input -> {
          ByteBuffer pairs = ByteBuffer.wrap(input);
          FrameMap frames = new FrameMap();
          Map<Integer, Integer> expected = new HashMap<>();
          while (pairs.remaining() >= 2 * Integer.BYTES) {
            int page = pairs.getInt();
            int frame = pairs.getInt();
            if (page != 0 && frame != 0) {
              frames.put(page, frame);
              expected.put(page, frame);
            }
          }
          assertThat(frames.size()).isEqualTo(expected.size());
          expected.forEach((page, frame) -> assertThat(frames.frameOf(page)).isEqualTo(frame));
        });
  }
}
