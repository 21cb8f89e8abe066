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

  /// Extensions, which stay.
  static final String EXTENSIONS = "SELECT extname FROM pg_catalog.pg_extension";

  /// Schemas that are not dropped: with one that an extension lies in the extension would go too.
  static final String STAYING_SCHEMAS =
      "SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public'"
          + " OR n.oid IN (SELECT extnamespace FROM pg_catalog.pg_extension)";

  /// Whoever else owns something: what is said of that, such as the rights to it, is not this
  /// user's to say.
  static final String OTHERS =
      "SELECT rolname FROM pg_catalog.pg_roles WHERE NOT pg_catalog.pg_has_role(oid, 'MEMBER')";

  /// Casts that belong to neither owner of their types, as archives call them: those between types
  /// of the server, which a superuser made.
  static final String STAYING_CASTS =
      "SELECT pg_catalog.format('CAST (%s AS %s)', pg_catalog.format_type(c.castsource, NULL),"
          + " pg_catalog.format_type(c.casttarget, NULL)) FROM pg_catalog.pg_cast c"
          + " JOIN pg_catalog.pg_type s ON s.oid = c.castsource"
          + " JOIN pg_catalog.pg_type t ON t.oid = c.casttarget"
          + " WHERE NOT pg_catalog.pg_has_role(s.typowner, 'MEMBER')"
          + " AND NOT pg_catalog.pg_has_role(t.typowner, 'MEMBER')"
          + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.oid = c.castfunc"
          + " AND pg_catalog.pg_has_role(p.proowner, 'MEMBER'))";

  private InPlaceScript() {}

  /// Drops every relation, function, type and schema; of what else there is, such as collations in
  /// schemas that stay, publications and foreign servers, what belongs to the user. Rights that
  /// were to be given to whatever is made from now on are not to be given to what is loaded.
  static String empty() {
    return """
    DO $holdfast$
    DECLARE it record; who text;
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
          FROM pg_catalog.pg_namespace n WHERE %s AND n.nspname NOT IN (%s)%s
      LOOP
        EXECUTE it.statement;
      END LOOP;
      LOOP
        SELECT pg_catalog.format('DROP %%s %%s CASCADE', o.type, o.identity) AS statement INTO it
          FROM pg_catalog.pg_shdepend s CROSS JOIN LATERAL
            pg_catalog.pg_identify_object(s.classid, s.objid, s.objsubid) AS o
          WHERE s.deptype = 'o' AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
              WHERE d.datname = pg_catalog.current_database())
            AND s.classid IN ('pg_catalog.pg_collation'::pg_catalog.regclass,
              'pg_catalog.pg_conversion'::pg_catalog.regclass,
              'pg_catalog.pg_operator'::pg_catalog.regclass,
              'pg_catalog.pg_opclass'::pg_catalog.regclass,
              'pg_catalog.pg_opfamily'::pg_catalog.regclass,
              'pg_catalog.pg_ts_config'::pg_catalog.regclass,
              'pg_catalog.pg_ts_dict'::pg_catalog.regclass,
              'pg_catalog.pg_foreign_server'::pg_catalog.regclass,
              'pg_catalog.pg_publication'::pg_catalog.regclass)
            AND pg_catalog.pg_has_role(s.refobjid, 'MEMBER')
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = s.classid
              AND d.objid = s.objid AND d.deptype = 'e')
          LIMIT 1;
        EXIT WHEN NOT FOUND;
        EXECUTE it.statement;
      END LOOP;
      FOR it IN
        SELECT pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %%I%%s ', r.rolname,
            ' IN SCHEMA ' || pg_catalog.quote_ident(n.nspname)) AS head,
          CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
            WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
            ELSE 'LARGE OBJECTS' END AS kind,
          ARRAY(SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC'
              ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END
            FROM pg_catalog.aclexplode(a.defaclacl) x) AS grantees,
          -- What there is when nothing else is said.
          CASE WHEN n.oid IS NOT NULL THEN ARRAY[]::text[]
            WHEN a.defaclobjtype IN ('f', 'T')
              THEN ARRAY['PUBLIC', pg_catalog.quote_ident(r.rolname)]
            ELSE ARRAY[pg_catalog.quote_ident(r.rolname)] END AS usual
        FROM pg_catalog.pg_default_acl a
          JOIN pg_catalog.pg_roles r ON r.oid = a.defaclrole
          LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.defaclnamespace
        WHERE pg_catalog.pg_has_role(r.oid, 'MEMBER')
      LOOP
        FOREACH who IN ARRAY it.grantees LOOP
          EXECUTE it.head || 'REVOKE ALL ON ' || it.kind || ' FROM ' || who;
        END LOOP;
        FOREACH who IN ARRAY it.usual LOOP
          EXECUTE it.head || 'GRANT ALL ON ' || it.kind || ' TO ' || who;
        END LOOP;
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
            STAYING_SCHEMAS,
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
