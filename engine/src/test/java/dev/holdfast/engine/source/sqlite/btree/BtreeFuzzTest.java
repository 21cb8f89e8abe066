package dev.holdfast.engine.source.sqlite.btree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Fuzzer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever the pages of a database hold, its schema and its rows are read or refused.
final class BtreeFuzzTest {
  @Test
  void damagedPagesAreReadOrRefused() {
    Fuzzer.of(BtreeFuzzTest.class, "sqlite-pages")
        .allowing(MalformedPageException.class)
        .run(BtreeFuzzTest::readAll);
  }

  private static void readAll(byte[] image) throws IOException, MalformedPageException {
    int pageSize = image.length > 17 && image[16] == 4 ? 1024 : 512;
    PageReader pages = new PageReader(bytes(image), pageSize, 0, image.length / pageSize);
    PageCensus census = new PageCensus(pageSize, image.length / pageSize);
    census.note(0, image, 0, image.length);
    List<SchemaEntry> schema =
        new SchemaReader(
                pages, pageSize == 512 ? StandardCharsets.UTF_8 : StandardCharsets.UTF_16LE)
            .read();
    for (SchemaEntry entry : schema) {
      if (entry.isUserTable()) {
        assertThat(new RowCounter(pages, census).rows(entry.rootPage())).isNotNegative();
      }
    }
  }

  private static PageReader.Bytes bytes(byte[] image) {
    return (position, target, offset, length) ->
        System.arraycopy(image, (int) position, target, offset, length);
  }
}
