package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.Fingerprint;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.sqlite.btree.MalformedPageException;
import dev.holdfast.engine.source.sqlite.btree.PageCensus;
import dev.holdfast.engine.source.sqlite.btree.PageReader;
import dev.holdfast.engine.source.sqlite.btree.RowCounter;
import dev.holdfast.engine.source.sqlite.btree.SchemaEntry;
import dev.holdfast.engine.source.sqlite.btree.SchemaReader;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds out what the manifest says of an image, from its pages alone.
final class SqliteFacts {
  private static final int RESERVED_AT = 20;
  private static final int ENCODING_AT = 56;
  private static final int USER_VERSION_AT = 60;
  private static final int APPLICATION_ID_AT = 68;
  private static final int WRITTEN_BY_AT = 96;
  private static final int WRITE_VERSION_AT = 18;

  private final SqliteImage image;
  private final PageCensus census;
  private final byte[] header = new byte[SqliteHeader.LENGTH_BYTES];
  private final List<TableRows> tables = new ArrayList<>();
  private Optional<String> fingerprint = Optional.empty();

  private SqliteFacts(SqliteImage image, PageCensus census) {
    this.image = image;
    this.census = census;
  }

  /// @param census what was noted while the image was read
  /// @throws HoldfastException.Corrupt if its schema or the tree of a table cannot be read: what is
  ///   damaged is not stored as a database
  static SourceFacts of(SqliteImage image, PageCensus census) throws IOException {
    SqliteFacts facts = new SqliteFacts(image, census);
    facts.find();
    return new SourceFacts(
        facts.version(),
        image.instant(),
        facts.tables,
        facts.fingerprint,
        facts.properties(),
        List.of());
  }

  private void find() throws IOException {
    image.readUnnoted(0, header, 0, header.length);
    PageReader pages =
        new PageReader(
            image::readUnnoted,
            image.pageSizeBytes(),
            header[RESERVED_AT] & 0xff,
            image.pageCount());
    try {
      List<SchemaEntry> schema = new SchemaReader(pages, encoding()).read();
      fingerprint = Optional.of(fingerprintOf(schema));
      count(schema, new RowCounter(pages, census));
    } catch (MalformedPageException e) {
      throw Failures.damaged(image.path(), "its schema cannot be read: " + e.getMessage());
    }
  }

  private void count(List<SchemaEntry> schema, RowCounter counter) throws IOException {
    List<SchemaEntry> sorted =
        schema.stream()
            .filter(SchemaEntry::isUserTable)
            .sorted(Comparator.comparing(SchemaEntry::name))
            .toList();
    for (SchemaEntry table : sorted) {
      try {
        tables.add(new TableRows(table.name(), counter.rows(table.rootPage()), true));
      } catch (MalformedPageException e) {
        throw Failures.damaged(
            image.path(),
            "the rows of table %s cannot be counted: %s".formatted(table.name(), e.getMessage()));
      }
    }
  }

  /// Depends on what the schema says, and neither on where its trees are nor on statistics.
  private static String fingerprintOf(List<SchemaEntry> schema) {
    Fingerprint fingerprint = new Fingerprint();
    schema.stream()
        .filter(entry -> !entry.isStatistics())
        .map(e -> String.join("\0", e.type(), e.name(), e.table(), e.sql()))
        .sorted()
        .forEach(fingerprint::add);
    return fingerprint.end();
  }

  private Charset encoding() {
    return switch (number(ENCODING_AT)) {
      case 0, 1 -> StandardCharsets.UTF_8;
      case 2 -> StandardCharsets.UTF_16LE;
      case 3 -> StandardCharsets.UTF_16BE;
      default -> StandardCharsets.UTF_8;
    };
  }

  /// The library that wrote last, as `3.45.1`; empty if it was older than 3.7.0.
  private String version() {
    int number = number(WRITTEN_BY_AT);
    return number <= 0
        ? ""
        : "%d.%d.%d".formatted(number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("page size", String.valueOf(image.pageSizeBytes()));
    properties.put("encoding", encoding().name());
    properties.put("journal mode", header[WRITE_VERSION_AT] == 2 ? "wal" : "rollback");
    properties.put("user version", String.valueOf(number(USER_VERSION_AT)));
    if (number(APPLICATION_ID_AT) != 0) {
      properties.put("application id", Integer.toUnsignedString(number(APPLICATION_ID_AT)));
    }
    properties.put("fixed by", image.way().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    return properties;
  }

  private int number(int at) {
    return WalFormat.u32(header, at);
  }
}
