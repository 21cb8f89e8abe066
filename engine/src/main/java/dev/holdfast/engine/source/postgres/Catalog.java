package dev.holdfast.engine.source.postgres;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the catalog of a database says, as the session's snapshot shows it. Nothing here waits for
/// a lock on a table, but for the definitions of views.
final class Catalog {
  private static final int WITH_LOCALE_PROVIDER = 15;
  private static final int WITH_LOCALE = 17;

  private static final String ORDINARY_SCHEMAS =
      " n.nspname <> 'information_schema' AND n.nspname !~ '^(pg_|_timescaledb_)' ";

  private final PsqlSession session;
  private final int serverMajor;

  Catalog(PsqlSession session, int serverMajor) {
    this.session = session;
    this.serverMajor = serverMajor;
  }

  /// Size of the database with its indexes, in bytes.
  long sizeBytes() {
    return Long.parseLong(session.row("SELECT pg_database_size(current_database())", 1).getFirst());
  }

  /// What is worth knowing for a recovery, by names for people.
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    List<String> row =
        session.row(
            "SELECT current_database(), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, "
                + (serverMajor >= WITH_LOCALE_PROVIDER
                    ? "CASE d.datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu'"
                        + " WHEN 'b' THEN 'builtin' ELSE d.datlocprovider::text END, "
                    : "'libc', ")
                + locale()
                + ", pg_get_userbyid(d.datdba)"
                + ", (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone')"
                + " FROM pg_database d WHERE d.datname = current_database()",
            8);
    String[] names = {
      "database",
      "encoding",
      "collation",
      "character type",
      "locale provider",
      "locale",
      "owner",
      "time zone"
    };
    for (int i = 0; i < names.length; i++) {
      if (!row.get(i).isEmpty()) {
        properties.put(names[i], row.get(i));
      }
    }
    for (List<String> extension :
        session.query("SELECT extname, extversion FROM pg_extension ORDER BY 1", 2)) {
      properties.put("extension " + extension.get(0), extension.get(1));
    }
    properties.putAll(databaseSettings());
    return properties;
  }

  private String locale() {
    if (serverMajor >= WITH_LOCALE) {
      return "d.datlocale";
    }
    return serverMajor >= WITH_LOCALE_PROVIDER ? "d.daticulocale" : "''";
  }

  /// The database's own settings. Those an application made up may be secrets: only that there is
  /// one is said.
  private Map<String, String> databaseSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (List<String> row :
        session.query(
            "SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_database d"
                + " ON d.oid = s.setdatabase WHERE d.datname = current_database()"
                + " AND s.setrole = 0 ORDER BY 1",
            1)) {
      String setting = row.getFirst();
      int equals = setting.indexOf('=');
      String name = equals < 0 ? setting : setting.substring(0, equals);
      String value = equals < 0 ? "" : setting.substring(equals + 1);
      settings.put("setting " + name, name.contains(".") ? "(set)" : value);
    }
    return settings;
  }

  /// Tables whose rows `pg_dump` cannot read on a standby.
  List<String> unloggedTables() {
    return session.column(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relpersistence = 'u'"
            + " ORDER BY 1");
  }

  /// Tables that have other files now than in the state that is looked at: what is not in the
  /// catalog as of a snapshot, but as it is now, is what functions say.
  List<String> rewrittenTables() {
    return session.column(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relfilenode <> 0"
            + " AND c.relpersistence <> 't' AND pg_relation_filenode(c.oid) <> c.relfilenode"
            + " ORDER BY 1");
  }

  /// A text that is equal as long as columns, types, constraints, indexes, views, functions,
  /// triggers, policies and extensions are. Schemas that TimescaleDB fills with chunks by itself
  /// are left out.
  String schemaFingerprint() {
    return session
        .row(
            "SELECT encode(sha256(convert_to(coalesce(string_agg(line, E'\\n' ORDER BY line"
                + " COLLATE \"C\"), ''), getdatabaseencoding())), 'hex') FROM ("
                + String.join(" UNION ALL ", parts())
                + ") AS parts(line)",
            1)
        .getFirst();
  }

  private static List<String> parts() {
    return List.of(
        "SELECT 'relation ' || format('%I.%I', n.nspname, c.relname) || ' '"
            + " || concat(c.relkind, c.relpersistence) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND"
            + ORDINARY_SCHEMAS,
        "SELECT 'column ' || format('%I.%I', n.nspname, c.relname) || ' '"
            + " || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum) || ' ' || concat_ws(' ',"
            + " quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull,"
            + " a.attidentity, a.attgenerated, a.attcollation::regcollation,"
            + " pg_get_expr(f.adbin, f.adrelid))"
            + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum"
            + " WHERE a.attnum > 0 AND NOT a.attisdropped"
            + " AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND"
            + ORDINARY_SCHEMAS,
        "SELECT 'constraint ' || format('%I.%I', n.nspname, o.conname) || ' '"
            + " || o.conrelid::regclass || ' ' || pg_get_constraintdef(o.oid)"
            + " FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace"
            + " WHERE o.contype <> 'n' AND"
            + ORDINARY_SCHEMAS,
        "SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i"
            + " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE"
            + ORDINARY_SCHEMAS,
        "SELECT 'view ' || format('%I.%I', n.nspname, c.relname) || ' ' || pg_get_viewdef(c.oid)"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('v', 'm') AND"
            + ORDINARY_SCHEMAS,
        "SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p"
            + " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind <> 'a' AND"
            + ORDINARY_SCHEMAS,
        "SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t"
            + " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE NOT t.tgisinternal AND"
            + ORDINARY_SCHEMAS,
        "SELECT 'policy ' || concat_ws(' ', o.polname, o.polrelid::regclass, o.polcmd,"
            + " o.polpermissive, pg_get_expr(o.polqual, o.polrelid),"
            + " pg_get_expr(o.polwithcheck, o.polrelid)) FROM pg_policy o",
        "SELECT 'label ' || e.enumtypid::regtype || ' '"
            + " || row_number() OVER (PARTITION BY e.enumtypid ORDER BY e.enumsortorder)"
            + " || ' ' || e.enumlabel FROM pg_enum e",
        "SELECT 'extension ' || extname || ' ' || extversion FROM pg_extension");
  }
}
