package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.TableRows;
import java.util.List;

/// The statements that empty a database, all but its extensions, before a dump is loaded into it in
/// the same transaction.
final class InPlaceScript {
  /// Relations that belong to no extension, and are no part of another relation.
  static final String OWN_RELATION =
      "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
          + " AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
          + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
          + " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
          + " AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype IN ('e', 'i', 'a'))";

  private static final String NOT_OF_EXTENSION =
      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = %s AND d.deptype = 'e')";

  /// Such as the functions that make the values of a range, which are gone with its type.
  private static final String NOT_OF_TYPE =
      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = p.oid"
          + " AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype = 'i')";

  private static final String OWN_SCHEMA =
      "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

  private InPlaceScript() {}

  /// Drops every relation, function, type and schema.
  static String empty() {
    return """
    DO $holdfast$
    DECLARE it record;
    BEGIN
      LOOP
        SELECT pg_catalog.format('DROP %%s %%I.%%I CASCADE',
            CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
              WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
            n.nspname, c.relname) AS statement INTO it
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE %s ORDER BY c.relkind = 'S', c.oid LIMIT 1;
        EXIT WHEN NOT FOUND;
        EXECUTE it.statement;
      END LOOP;
      LOOP
        SELECT pg_catalog.format('DROP ROUTINE %%s CASCADE', p.oid::pg_catalog.regprocedure)
            AS statement INTO it
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
          WHERE %s%s LIMIT 1;
        EXIT WHEN NOT FOUND;
        EXECUTE it.statement;
      END LOOP;
      LOOP
        SELECT pg_catalog.format('DROP TYPE %%I.%%I CASCADE', n.nspname, t.typname)
            AS statement INTO it
          FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
          WHERE %s AND t.typelem = 0 AND t.typtype IN ('d', 'e', 'r', 'c', 'b')%s LIMIT 1;
        EXIT WHEN NOT FOUND;
        EXECUTE it.statement;
      END LOOP;
      FOR it IN
        SELECT pg_catalog.format('DELETE FROM %%s %%s', t.oid::pg_catalog.regclass, t.condition)
            AS statement
          FROM pg_catalog.pg_extension e
          CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(e.extconfig),
            pg_catalog.unnest(e.extcondition)) AS t(oid, condition)
          JOIN pg_catalog.pg_class c ON c.oid = t.oid AND c.relkind = 'r'
      LOOP
        EXECUTE it.statement;
      END LOOP;
      PERFORM pg_catalog.lo_unlink(o.oid) FROM pg_catalog.pg_largeobject_metadata o;
      FOR it IN
        SELECT pg_catalog.format('DROP SCHEMA %%I CASCADE', n.nspname) AS statement
          FROM pg_catalog.pg_namespace n WHERE %s AND n.nspname <> 'public'%s
      LOOP
        EXECUTE it.statement;
      END LOOP;
    END $holdfast$;
    """
        .formatted(
            OWN_RELATION,
            OWN_SCHEMA,
            NOT_OF_EXTENSION.formatted("p.oid") + NOT_OF_TYPE,
            OWN_SCHEMA,
            NOT_OF_EXTENSION.formatted("t.oid"),
            OWN_SCHEMA,
            NOT_OF_EXTENSION.formatted("n.oid"));
  }

  /// Fails if a table has not the rows that it should have.
  static String check(List<TableRows> expected) {
    StringBuilder script =
        new StringBuilder(
            "CREATE TEMPORARY TABLE holdfast_expected(name text, rows bigint) ON COMMIT DROP;\n");
    for (TableRows table : expected) {
      if (table.exact()) {
        script.append(
            "INSERT INTO pg_temp.holdfast_expected VALUES (%s, %d);\n"
                .formatted(Sql.literal(table.name()), table.rows()));
      }
    }
    return script
        + """
        DO $holdfast$
        DECLARE it record; found bigint;
        BEGIN
          FOR it IN
            SELECT e.name, e.rows, t.* FROM pg_temp.holdfast_expected e
              LEFT JOIN (%s) AS t(full_name, quoted, condition) ON t.full_name = e.name
          LOOP
            IF it.quoted IS NULL THEN
              RAISE EXCEPTION 'table %% is missing', it.name;
            END IF;
            EXECUTE pg_catalog.format('SELECT count(*) FROM ONLY %%s %%s', it.quoted, it.condition)
              INTO found;
            IF found <> it.rows THEN
              RAISE EXCEPTION 'table %% has %% rows, and should have %%', it.name, found, it.rows;
            END IF;
          END LOOP;
        END $holdfast$;
        """
            .formatted(LoadCheck.TABLES);
  }
}
