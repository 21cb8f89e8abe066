package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads what comes before the data in a custom archive: the header and the table of contents
/// (PostgreSQL source, `src/bin/pg_dump/pg_backup_archiver.c`, `ReadHead` and `ReadToc`).
final class ArchiveHead {
  /// The versions of the format that were written by `pg_dump` 13 to 18, as `minor`; the next may
  /// differ in anything.
  private static final int OLDEST_MINOR = 14;

  private static final int NEWEST_MINOR = 16;
  private static final int COMPRESSION_AS_BYTE = 15;
  private static final int RELATION_KIND = 16;

  /// The first entry, which says how the texts of all that follow are written.
  private static final String ENCODING = "ENCODING";

  private static final byte[] MAGIC = {'P', 'G', 'D', 'M', 'P'};
  private static final int CUSTOM_FORMAT = 1;
  private static final int OFFSET_BYTES = 8;
  private static final int MAX_ENTRIES = 50_000_000;
  private static final int MAX_DEPENDENCIES = 10_000_000;

  /// Something from the table of contents.
  ///
  /// @param description what it is, such as `TABLE DATA`
  /// @param schema empty if it is in none
  /// @param definition the statements that make it
  /// @param owner empty if it has none
  /// @param copied whether the data are rows as `COPY` writes them
  /// @param offsetAt where the archive says where the data are
  record Entry(
      int id,
      String description,
      String schema,
      String name,
      String definition,
      String owner,
      boolean copied,
      long offsetAt) {
    /// Whether it makes nothing, but says something about what somebody else may own.
    boolean isSaid() {
      return KEPT_ABOUT.contains(description) || description.equals(DEFAULT_ACL);
    }

    /// The name of what is said something about, if that is of a certain kind.
    Optional<String> subject(String kind) {
      return KEPT_ABOUT.contains(description) && name.startsWith(kind + " ")
          ? Optional.of(name.substring(kind.length() + 1))
          : Optional.empty();
    }
  }

  private enum Stage {
    HEADER,
    ENTRIES,
    DONE
  }

  private final ArchiveBytes bytes;
  private final boolean compressedToo;

  /// How an archive calls them.
  static final String DATABASE = "DATABASE";

  static final String SCHEMA = "SCHEMA";
  static final String EXTENSION = "EXTENSION";
  static final String CAST = "CAST";

  private static final String DEFAULT_ACL = "DEFAULT ACL";

  /// What is kept of the table of contents besides what has data.
  private static final Set<String> KEPT =
      Set.of(
          DATABASE,
          "DATABASE PROPERTIES",
          "CONSTRAINT",
          "FK CONSTRAINT",
          "CHECK CONSTRAINT",
          DumpHead.SUBSCRIPTION,
          SCHEMA,
          EXTENSION,
          CAST);

  /// And what is said about anything.
  private static final Set<String> KEPT_ABOUT = Set.of("ACL", "COMMENT", "SECURITY LABEL");

  /// The statements that say it are kept for some of these alone.
  private static final List<String> KEPT_SUBJECTS =
      List.of(DATABASE + " ", SCHEMA + " ", EXTENSION + " ");

  /// Entries that name roles besides the owner.
  private static final Set<String> WITH_ROLES =
      Set.of("ACL", DEFAULT_ACL, "POLICY", "USER MAPPING", "DATABASE PROPERTIES");

  /// Entries that name roles which have rights.
  private static final Set<String> WITH_GRANTEES = Set.of("ACL", DEFAULT_ACL, "POLICY");

  private final Map<Integer, Entry> withData = new LinkedHashMap<>();
  private final List<Entry> kept = new ArrayList<>();
  private final Set<String> owners = new TreeSet<>();
  private final Set<String> makers = new TreeSet<>();
  private final Set<String> mentioned = new TreeSet<>();
  private final Set<String> grantees = new TreeSet<>();
  private final Set<String> tablespaces = new TreeSet<>();
  private Stage stage = Stage.HEADER;
  private int minor;
  private boolean compressed;
  private int entriesLeft;
  private String programVersion = "";

  /// @param compressedToo whether data may be compressed, and then not be counted
  ArchiveHead(ArchiveBytes bytes, boolean compressedToo) {
    this.bytes = bytes;
    this.compressedToo = compressedToo;
  }

  /// Reads as far as it can.
  ///
  /// @return whether all of it was read
  boolean advance() {
    int mark = bytes.mark();
    try {
      while (stage != Stage.DONE) {
        mark = bytes.mark();
        switch (stage) {
          case HEADER -> header();
          case ENTRIES -> entry();
          case DONE -> {}
        }
      }
      return true;
    } catch (ArchiveBytes.Underflow e) {
      bytes.back(mark);
      return false;
    }
  }

  /// The entries that have data, by their id.
  Map<Integer, Entry> withData() {
    return withData;
  }

  /// What is said of the database itself, its schemas, extensions, casts and constraints, and what
  /// is said about anything.
  List<Entry> kept() {
    return kept;
  }

  /// The roles that something belongs to.
  Set<String> owners() {
    return owners;
  }

  /// Those that something belongs to which is no schema.
  Set<String> makers() {
    return makers;
  }

  /// Whatever could be a role that is named anywhere in it: those that rights are given to among
  /// them, and now and then a name that is none.
  Set<String> mentioned() {
    return mentioned;
  }

  /// The roles that have rights to something in it, but for the database itself.
  Set<String> grantees() {
    return grantees;
  }

  /// The tablespaces that something lies in, but for the one of the database itself.
  Set<String> tablespaces() {
    return tablespaces;
  }

  /// Whether its data are compressed.
  boolean isCompressed() {
    return compressed;
  }

  /// The version of the `pg_dump` that writes it.
  String programVersion() {
    return programVersion;
  }

  private void header() throws ArchiveBytes.Underflow {
    for (byte expected : MAGIC) {
      if (bytes.oneByte() != expected) {
        throw ArchiveBytes.damaged("it does not begin with PGDMP");
      }
    }
    int major = bytes.oneByte();
    minor = bytes.oneByte();
    bytes.skip(1);
    if (major != 1 || minor < OLDEST_MINOR || minor > NEWEST_MINOR) {
      throw new HoldfastException.Unsupported(
          "this pg_dump writes version %d.%d of its archive format, which is not known here"
              .formatted(major, minor),
          "install the client programs of PostgreSQL 13 to 18 beside it");
    }
    int intBytes = bytes.oneByte();
    int offsetBytes = bytes.oneByte();
    int format = bytes.oneByte();
    if (intBytes != ArchiveBytes.INT_BYTES
        || offsetBytes != OFFSET_BYTES
        || format != CUSTOM_FORMAT) {
      throw ArchiveBytes.damaged(
          "numbers of %d bytes, offsets of %d bytes, format %d"
              .formatted(intBytes, offsetBytes, format));
    }
    int compression = minor >= COMPRESSION_AS_BYTE ? bytes.oneByte() : bytes.number("compression");
    compressed = compression != 0;
    if (compressed && !compressedToo) {
      throw ArchiveBytes.damaged("it is compressed although it should not be");
    }
    for (String part : new String[] {"second", "minute", "hour", "day", "month", "year", "dst"}) {
      bytes.number(part);
    }
    bytes.text("database name");
    bytes.text("server version");
    programVersion = orEmpty(bytes.text("version of pg_dump"));
    entriesLeft = bytes.number("number of entries");
    if (entriesLeft < 0 || entriesLeft > MAX_ENTRIES) {
      throw ArchiveBytes.damaged("a table of " + entriesLeft + " entries");
    }
    stage = entriesLeft == 0 ? Stage.DONE : Stage.ENTRIES;
  }

  private void entry() throws ArchiveBytes.Underflow {
    int id = bytes.number("entry id");
    boolean hasData = bytes.number("entry has data") != 0;
    bytes.text("catalog oid");
    bytes.text("oid");
    String name = orEmpty(bytes.text("entry name"));
    String description = orEmpty(bytes.text("entry description"));
    bytes.number("section");
    String definition = orEmpty(bytes.text("definition"));
    bytes.text("drop statement");
    String copy = orEmpty(bytes.text("copy statement"));
    String schema = orEmpty(bytes.text("schema"));
    String tablespace = orEmpty(bytes.text("tablespace"));
    bytes.text("access method");
    if (minor >= RELATION_KIND) {
      bytes.number("relation kind");
    }
    String owner = orEmpty(bytes.text("owner"));
    bytes.text("with oids");
    int dependencies = 0;
    while (bytes.text("dependency") != null) {
      dependencies++;
      if (dependencies > MAX_DEPENDENCIES) {
        throw ArchiveBytes.damaged("too many dependencies of " + name);
      }
    }
    long offsetAt = bytes.position();
    bytes.skip(1 + OFFSET_BYTES);
    if (id <= 0) {
      throw ArchiveBytes.damaged("entry " + id);
    }
    if (description.equals(ENCODING)) {
      TextEncoding.setBy(definition).ifPresent(bytes::readTextsIn);
    }
    boolean copied = copy.startsWith("COPY ");
    if (hasData
        && withData.put(id, new Entry(id, description, schema, name, "", owner, copied, offsetAt))
            != null) {
      throw ArchiveBytes.damaged("two entries " + id);
    }
    boolean isKept = KEPT.contains(description);
    boolean isSaidOfKept = KEPT_SUBJECTS.stream().anyMatch(name::startsWith);
    String statements = isKept || isSaidOfKept ? definition : "";
    Entry entry = new Entry(id, description, schema, name, statements, owner, copied, offsetAt);
    if (isKept || entry.isSaid()) {
      kept.add(entry);
    }
    if (!owner.isEmpty()) {
      owners.add(owner);
      if (!entry.isSaid() && !description.equals(SCHEMA)) {
        makers.add(owner);
      }
    }
    if (!tablespace.isEmpty()) {
      tablespaces.add(tablespace);
    }
    if (WITH_ROLES.contains(description)) {
      mentioned.addAll(Sql.namesAfter(Sql.ROLE_COMES, definition));
    }
    if (WITH_GRANTEES.contains(description) && !name.startsWith(DATABASE + " ")) {
      grantees.addAll(Sql.grantees(definition));
    }
    entriesLeft--;
    if (entriesLeft == 0) {
      stage = Stage.DONE;
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
