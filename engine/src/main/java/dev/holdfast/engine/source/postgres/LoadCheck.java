package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compares a database with the dump that was loaded into it.
final class LoadCheck {
  /// Tables that are counted by one statement.
  private static final int BATCH = 200;

  private static final String NOT_VALID = " NOT VALID";

  /// Tables whose rows a dump has: those of extensions only as far as these say so.
  static final String TABLES =
      "SELECT n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname),"
          + " coalesce((SELECT e.extcondition[array_position(e.extconfig, c.oid)]"
          + " FROM pg_extension e WHERE c.oid = ANY (e.extconfig)), '')"
          + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind = 'r' AND c.relpersistence <> 't'"
          + " AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
          + " AND (NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass"
          + " AND d.objid = c.oid AND d.deptype = 'e')"
          + " OR EXISTS (SELECT FROM pg_extension e WHERE c.oid = ANY (e.extconfig)))"
          + " ORDER BY 1";

  private final PsqlSession session;

  LoadCheck(PsqlSession session) {
    this.session = session;
  }

  /// The rows of every table, by schema and name.
  Map<String, Long> count() {
    session.execute("SET row_security = off");
    List<List<String>> tables = session.query(TABLES, 3);
    Map<String, Long> rows = new TreeMap<>();
    for (int i = 0; i < tables.size(); i += BATCH) {
      List<String> parts = new ArrayList<>();
      for (List<String> table : tables.subList(i, Math.min(i + BATCH, tables.size()))) {
        parts.add(
            "SELECT %s, count(*) FROM ONLY %s %s"
                .formatted(Sql.literal(table.get(0)), table.get(1), table.get(2)));
      }
      session
          .query(String.join(" UNION ALL ", parts), 2)
          .forEach(row -> rows.put(row.get(0), Long.valueOf(row.get(1))));
    }
    return rows;
  }

  /// Compares the rows.
  void rows(List<TableRows> expected) {
    Map<String, Long> found = count();
    for (TableRows table : expected) {
      Long rows = found.remove(table.name());
      if (rows == null || (table.exact() && rows != table.rows())) {
        throw corrupt(
            "table %s has %s rows in the recovered database, and %d in the manifest"
                .formatted(table.name(), rows == null ? "no" : rows, table.rows()));
      }
    }
    found.values().removeIf(rows -> rows == 0); // such as unlogged ones, dumped on a standby
    if (!found.isEmpty()) {
      throw corrupt("table %s is not in the manifest".formatted(found.keySet().iterator().next()));
    }
  }

  /// Makes sure that every constraint of the dump is there, and holds for every row if it did.
  void constraints(List<ArchiveHead.Entry> entries) {
    Map<String, Boolean> valid = new HashMap<>();
    for (List<String> row :
        session.query(
            "SELECT n.nspname || '.' || coalesce(c.relname, t.typname) || ' ' || o.conname,"
                + " o.convalidated FROM pg_constraint o"
                + " JOIN pg_namespace n ON n.oid = o.connamespace"
                + " LEFT JOIN pg_class c ON c.oid = o.conrelid AND o.conrelid <> 0"
                + " LEFT JOIN pg_type t ON t.oid = o.contypid AND o.contypid <> 0",
            2)) {
      valid.put(row.get(0), row.get(1).equals("t"));
    }
    for (ArchiveHead.Entry entry : entries) {
      if (!entry.description().endsWith("CONSTRAINT")) {
        continue;
      }
      Boolean isValid = valid.get(entry.schema() + "." + entry.name());
      if (isValid == null || (!isValid && !entry.definition().contains(NOT_VALID))) {
        throw corrupt(
            "the constraint %s.%s is %s in the recovered database"
                .formatted(
                    entry.schema(), entry.name(), isValid == null ? "missing" : "not valid"));
      }
    }
  }

  /// Makes sure that every index can be used.
  void indexes() {
    List<List<String>> broken =
        session.query(
            "SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                + " WHERE c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready)",
            1);
    if (!broken.isEmpty()) {
      throw corrupt("the index " + broken.getFirst().getFirst() + " is not valid");
    }
  }

  private static HoldfastException corrupt(String what) {
    return new HoldfastException.Corrupt(
        what, "recover another snapshot; the server's log may say more", null);
  }
}
