package dev.holdfast.engine.source.postgres;

import java.util.ArrayList;
import java.util.List;

/// What belongs to a database and not to what is in it, as the statements that give it to another
/// one: owner, tablespace, encoding and locale; settings, also those of roles in it; rights,
/// comment, limit of connections, and whether it is a template.
///
/// @param create makes the other one, empty
/// @param settings to be run when it is there
/// @param finish to be run when it has got the name of this one
record DatabaseLikeness(String create, List<String> settings, List<String> finish) {
  private static final int WITH_LOCALE_PROVIDER = 15;
  private static final int WITH_RULES = 16;
  private static final int WITH_LOCALE = 17;

  /// Set by TimescaleDB while a database is restored.
  private static final String RESTORING = "timescaledb.restoring";

  /// Where a database is that says nothing of it.
  static final String TEMPLATES_TABLESPACE =
      "(SELECT dattablespace FROM pg_database WHERE datname = 'template0')";

  DatabaseLikeness {
    settings = List.copyOf(settings);
    finish = List.copyOf(finish);
  }

  /// The likeness of a database.
  ///
  /// @param other the name of the one that becomes like it
  static DatabaseLikeness of(PsqlSession session, int serverMajor, long oid, String other) {
    List<String> row = session.row(query(serverMajor, oid), 12);
    StringBuilder create =
        new StringBuilder(
            "CREATE DATABASE %s TEMPLATE template0 OWNER %s%s ENCODING %s"
                    .formatted(
                        Sql.name(other),
                        Sql.name(row.get(1)),
                        row.get(2).isEmpty() ? "" : " TABLESPACE " + Sql.name(row.get(2)),
                        Sql.literal(row.get(3)))
                + " LC_COLLATE %s LC_CTYPE %s"
                    .formatted(Sql.literal(row.get(4)), Sql.literal(row.get(5))));
    String locale = Sql.literal(row.get(7));
    switch (row.get(6)) {
      case "i" -> create.append(" LOCALE_PROVIDER icu ICU_LOCALE ").append(locale);
      case "b" -> create.append(" LOCALE_PROVIDER builtin BUILTIN_LOCALE ").append(locale);
      default -> {
        if (serverMajor >= WITH_LOCALE_PROVIDER) {
          create.append(" LOCALE_PROVIDER libc");
        }
      }
    }
    if (!row.get(8).isEmpty()) {
      create.append(" ICU_RULES ").append(Sql.literal(row.get(8)));
    }
    String name = row.get(0);
    List<String> settings = new ArrayList<>(settings(session, oid, other));
    settings.addAll(rights(session, oid, row.get(1), other));
    if (!row.get(10).isEmpty()) {
      settings.add(
          "COMMENT ON DATABASE %s IS %s".formatted(Sql.name(other), Sql.literal(row.get(10))));
    }
    List<String> finish =
        List.of(
            "ALTER DATABASE %s CONNECTION LIMIT %s IS_TEMPLATE %s"
                .formatted(Sql.name(name), row.get(9), row.get(11).equals("t")));
    return new DatabaseLikeness(create.toString(), settings, finish);
  }

  /// The tablespace of the template is not named: who names it needs a right to it that whoever
  /// leaves it out does not need.
  private static String query(int major, long oid) {
    return "SELECT d.datname, pg_get_userbyid(d.datdba), CASE WHEN d.dattablespace = "
        + TEMPLATES_TABLESPACE
        + " THEN '' ELSE t.spcname END,"
        + " pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, "
        + (major >= WITH_LOCALE_PROVIDER ? "d.datlocprovider, " : "'c', ")
        + (major >= WITH_LOCALE
            ? "d.datlocale, "
            : major >= WITH_LOCALE_PROVIDER ? "d.daticulocale, " : "'', ")
        + (major >= WITH_RULES ? "d.daticurules, " : "'', ")
        + "d.datconnlimit, coalesce(shobj_description(d.oid, 'pg_database'), ''), d.datistemplate FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace"
        + " WHERE d.oid = "
        + oid;
  }

  private static List<String> settings(PsqlSession session, long oid, String other) {
    List<String> statements = new ArrayList<>();
    for (List<String> row :
        session.query(
            "SELECT coalesce(r.rolname, ''), u.setting FROM pg_db_role_setting s"
                + " CROSS JOIN LATERAL unnest(s.setconfig) WITH ORDINALITY AS u(setting, place)"
                + " LEFT JOIN pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = "
                + oid
                + " ORDER BY 1, u.place",
            2)) {
      int equals = row.get(1).indexOf('=');
      String setting = row.get(1).substring(0, equals);
      if (!setting.equals(RESTORING)) {
        statements.add(
            "%s %s SET %s TO %s"
                .formatted(
                    row.get(0).isEmpty()
                        ? "ALTER DATABASE"
                        : "ALTER ROLE " + Sql.name(row.get(0)) + " IN DATABASE",
                    Sql.name(other),
                    Sql.name(setting),
                    Sql.settingValue(setting, row.get(1).substring(equals + 1))));
      }
    }
    return statements;
  }

  private static List<String> rights(PsqlSession session, long oid, String owner, String other) {
    List<List<String>> rows =
        session.query(
            "SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END,"
                + " a.privilege_type, bool_or(a.is_grantable)"
                + " FROM pg_database d, aclexplode(d.datacl) a"
                + " LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.oid = "
                + oid
                + " AND (a.grantee = 0 OR r.rolname IS NOT NULL)"
                + " GROUP BY 1, 2 ORDER BY 1, 2",
            3);
    if (isDefault(session, oid)) {
      return List.of();
    }
    List<String> statements = new ArrayList<>();
    for (String role : List.of("PUBLIC", Sql.name(owner))) {
      statements.add("REVOKE ALL ON DATABASE %s FROM %s".formatted(Sql.name(other), role));
    }
    for (List<String> row : rows) {
      statements.add(
          "GRANT %s ON DATABASE %s TO %s%s"
              .formatted(
                  row.get(1),
                  Sql.name(other),
                  row.get(0),
                  row.get(2).equals("t") ? " WITH GRANT OPTION" : ""));
    }
    return statements;
  }

  private static boolean isDefault(PsqlSession session, long oid) {
    return session
        .row("SELECT datacl IS NULL FROM pg_database WHERE oid = " + oid, 1)
        .getFirst()
        .equals("t");
  }
}
