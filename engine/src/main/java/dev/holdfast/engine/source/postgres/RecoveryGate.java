package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether a server can take a dump, and what this user may do about it: asked before anything is
/// changed, and refused with what exactly is missing.
public final class RecoveryGate {
  private static final String EXTENSION = "extension ";

  /// A role whose one member is the owner of whichever database one is in.
  private static final String DATABASE_OWNER = "pg_database_owner";

  private static final String AS_SUPERUSER = "recover as a superuser";

  private static final int WITH_RIGHTS_TO_SETTINGS = 15;
  private static final int WITH_ADMINS_OF_ROLES = 16;

  private final PostgresRecovery server;
  private final Optional<SourceFacts> facts;

  /// @param facts what the manifest says of the dump, if there is one
  public RecoveryGate(PostgresRecovery server, Optional<SourceFacts> facts) {
    this.server = server;
    this.facts = facts;
  }

  /// Refuses what the server cannot take.
  public void requireVersions() {
    if (facts.isEmpty()) {
      return;
    }
    String then = facts.get().engineVersion();
    if (PostgresVersion.major(then) > server.majorVersion()) {
      throw new HoldfastException.Unsupported(
          "the dump is of PostgreSQL %s, and the server runs %s".formatted(then, server.version()),
          "upgrade the server, or recover into another one that is new enough");
    }
    ClientPrograms.Programs programs = server.programs(PostgresVersion.majorOfDump(facts));
    if (!java.nio.file.Files.isExecutable(java.nio.file.Path.of(programs.restore()))) {
      throw new HoldfastException.NotFound(
          "there is no pg_restore in '" + programs.folder() + "'",
          "install PostgreSQL's client programs (package 'postgresql-client')");
    }
    for (Map.Entry<String, String> property : facts.get().properties().entrySet()) {
      if (property.getKey().startsWith(EXTENSION)) {
        requireExtension(property.getKey().substring(EXTENSION.length()), property.getValue());
      }
    }
  }

  private void requireExtension(String name, String version) {
    List<List<String>> versions =
        server.ask(asked ->
            asked.query(
                "SELECT version FROM pg_available_extension_versions WHERE name = "
                    + Sql.literal(name),
                1));
    if (versions.isEmpty()) {
      throw new HoldfastException.Unsupported(
          "the dump has the extension %s %s, which the server does not have"
              .formatted(name, version),
          "install it there");
    }
    boolean exact = versions.stream().anyMatch(row -> row.getFirst().equals(version));
    String newest =
        versions.stream().map(List::getFirst).max(PostgresVersion::compare).orElseThrow();
    boolean isTooNew = !exact && PostgresVersion.compare(version, newest) > 0;
    if (isTooNew || (name.equals(Timescale.EXTENSION) && !exact)) {
      throw new HoldfastException.Unsupported(
          "the dump has the extension %s %s, and the server has %s%s"
              .formatted(name, version, isTooNew ? "no newer one than " : "", newest),
          "install version %s of it there%s"
              .formatted(version, isTooNew ? "" : "; it can be updated when the data are back"));
    }
    if (name.equals(Timescale.EXTENSION) && !server.isSuperuser()) {
      throw new HoldfastException.Rejected(
          "'%s' is no superuser, which timescaledb_pre_restore() and timescaledb_post_restore() need"
              .formatted(server.user()),
          "ALTER ROLE %s SUPERUSER, or recover as a superuser".formatted(Sql.name(server.user())));
    }
  }

  /// Refuses a dump with an extension that this user may not create.
  public void requireRightsToExtensions() {
    closedExtension(Set.of())
        .ifPresent(name -> {
          throw new HoldfastException.Rejected(noRightTo(name), AS_SUPERUSER);
        });
  }

  private String noRightTo(String extension) {
    return "'%s' is no superuser, which creating the extension %s needs"
        .formatted(server.user(), extension);
  }

  /// An extension of the dump that this user may not create.
  ///
  /// @param there those that need not be created
  private Optional<String> closedExtension(Set<String> there) {
    String missing =
        facts.map(SourceFacts::properties).orElse(Map.of()).keySet().stream()
            .filter(key -> key.startsWith(EXTENSION))
            .map(key -> key.substring(EXTENSION.length()))
            .filter(name -> !there.contains(name))
            .map(Sql::literal)
            .collect(Collectors.joining(", "));
    if (missing.isEmpty() || server.isSuperuser()) {
      return Optional.empty();
    }
    return server.ask(asked ->
        asked
            .column(
                "SELECT e.name FROM pg_available_extensions e JOIN pg_available_extension_versions v"
                    + " ON v.name = e.name AND v.version = e.default_version"
                    + " WHERE v.superuser AND NOT v.trusted AND e.name <> 'plpgsql'"
                    + " AND e.name IN (%s) ORDER BY 1 LIMIT 1".formatted(missing))
            .stream()
            .findFirst());
  }

  /// Every role that owns something must be there, and one that this user may act as. Whoever may
  /// act as the owner of the database is in [#DATABASE_OWNER] when it is there.
  ///
  /// @param owners in the dump
  public void requireRoles(Set<String> owners) {
    for (String owner : owners) {
      if (owner.equals(DATABASE_OWNER)) {
        continue;
      }
      String found =
          server.ask(asked ->
              asked
                  .row(
                      "SELECT coalesce((SELECT CASE WHEN pg_has_role(oid, 'MEMBER') THEN 'member'"
                          + " ELSE 'other' END FROM pg_roles WHERE rolname = "
                          + Sql.literal(owner)
                          + "), 'missing')",
                      1)
                  .getFirst());
      if (found.equals("missing")) {
        throw new HoldfastException.Rejected(
            "the role '%s', which owns something in the dump, is not on %s"
                .formatted(owner, server.name()),
            "create it: the globals.sql of a snapshot says how");
      }
      if (found.equals("other")) {
        throw new HoldfastException.Rejected(
            "'%s' may not act as '%s', which owns something in the dump"
                .formatted(server.user(), owner),
            "GRANT %s TO %s".formatted(Sql.name(owner), Sql.name(server.user())));
      }
    }
  }

  /// Every role that has rights to something must be there.
  ///
  /// @param grantees in the dump
  public void requireGrantees(Set<String> grantees) {
    for (String grantee : grantees) {
      String query = "SELECT 1 FROM pg_roles WHERE rolname = " + Sql.literal(grantee);
      if (server.ask(asked -> asked.query(query, 1)).isEmpty()) {
        throw new HoldfastException.Rejected(
            "the role '%s', which has rights to something in the dump, is not on %s"
                .formatted(grantee, server.name()),
            "create it: the globals.sql of a snapshot says how");
      }
    }
  }

  /// Every tablespace that something lies in must be there, and be open to this user.
  ///
  /// @param replaces whether the database takes the place of one, whose tablespace it gets
  public void requireTablespaces(DumpHead head, boolean replaces) {
    Set<String> spaces = new TreeSet<>(head.tablespaces());
    if (!replaces) {
      spaces.addAll(head.ownTablespace());
    }
    for (String space : spaces) {
      List<List<String>> found =
          server.ask(asked ->
              asked.query(
                  "SELECT has_tablespace_privilege(oid, 'CREATE') FROM pg_tablespace"
                      + " WHERE spcname = "
                      + Sql.literal(space),
                  1));
      if (found.isEmpty()) {
        throw new HoldfastException.Rejected(
            "the tablespace '%s', which something in the dump lies in, is not on %s"
                .formatted(space, server.name()),
            "CREATE TABLESPACE %s LOCATION '…' there; the globals.sql of a snapshot says where it was"
                .formatted(Sql.name(space)));
      }
      if (!found.getFirst().getFirst().equals("t")) {
        throw new HoldfastException.Rejected(
            "'%s' lacks the right CREATE on the tablespace '%s', which something in the dump lies in"
                .formatted(server.user(), space),
            "GRANT CREATE ON TABLESPACE %s TO %s"
                .formatted(Sql.name(space), Sql.name(server.user())));
      }
    }
  }

  /// What keeps this user from making a database beside the present one and changing the names.
  ///
  /// @return the exact right that is missing, as a sentence; empty if none is
  public Optional<String> missingForNewDatabase(Optional<PostgresRecovery.Entry> present) {
    if (!server.mayCreateDatabases()) {
      return Optional.of("'%s' lacks the right CREATEDB".formatted(server.user()));
    }
    if (present.isPresent() && !server.isSuperuser() && !present.get().isOwned()) {
      return Optional.of(
          "'%s' is no member of '%s', which owns the database '%s'"
              .formatted(server.user(), present.get().owner(), present.get().name()));
    }
    return present
        .flatMap(this::closedTablespace)
        .map(space ->
            "'%s' lacks the right CREATE on the tablespace '%s'".formatted(server.user(), space))
        .or(() ->
            present
                .flatMap(this::closedSetting)
                .map(setting ->
                    "'%s' may not set %s, as the database has it set"
                        .formatted(server.user(), setting)))
        .or(() -> closedExtension(Set.of()).map(this::noRightTo));
  }

  /// A setting of a database, or of a role in it, that this user may not give another database.
  private Optional<String> closedSetting(PostgresRecovery.Entry present) {
    if (server.isSuperuser()) {
      return Optional.empty();
    }
    boolean withRights = server.majorVersion() >= WITH_RIGHTS_TO_SETTINGS;
    boolean withAdmins = server.majorVersion() >= WITH_ADMINS_OF_ROLES;
    return server.ask(asked ->
        asked
            .column(
                "SELECT u.name || coalesce(' of the role ' || quote_literal(r.rolname), '')"
                    + " FROM pg_db_role_setting s CROSS JOIN LATERAL"
                    + " (SELECT split_part(setting, '=', 1) FROM unnest(s.setconfig) setting) AS u(name)"
                    + " LEFT JOIN pg_roles r ON r.oid = s.setrole"
                    + " LEFT JOIN pg_settings p ON p.name = lower(u.name) WHERE s.setdatabase = "
                    + present.oid()
                    + " AND (p.context LIKE 'superuser%'"
                    + (withRights ? " AND NOT has_parameter_privilege(p.name, 'SET')" : "")
                    + " OR r.rolname <> current_user AND NOT (SELECT rolcreaterole"
                    + (withAdmins ? " AND pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')" : "")
                    + " FROM pg_roles WHERE rolname = current_user)) ORDER BY 1 LIMIT 1")
            .stream()
            .findFirst());
  }

  /// The tablespace of a database, if this user may not make another one there.
  private Optional<String> closedTablespace(PostgresRecovery.Entry present) {
    return server.ask(asked ->
        asked
            .column(
                "SELECT t.spcname FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace"
                    + " WHERE NOT has_tablespace_privilege(t.oid, 'CREATE') AND d.dattablespace <> "
                    + DatabaseLikeness.TEMPLATES_TABLESPACE
                    + " AND d.oid = "
                    + present.oid())
            .stream()
            .findFirst());
  }

  /// What gives the right that is missing.
  public String remedy(Optional<PostgresRecovery.Entry> present) {
    String user = Sql.name(server.user());
    if (closedExtension(Set.of()).isPresent()) {
      return AS_SUPERUSER;
    }
    if (!server.mayCreateDatabases() || present.isEmpty()) {
      return "ALTER ROLE %s CREATEDB".formatted(user);
    }
    if (!server.isSuperuser() && !present.get().isOwned()) {
      return "GRANT %s TO %s".formatted(Sql.name(present.get().owner()), user);
    }
    return closedTablespace(present.get())
        .map(space -> "GRANT CREATE ON TABLESPACE %s TO %s".formatted(Sql.name(space), user))
        .orElse(AS_SUPERUSER);
  }

  /// What keeps this user from replacing everything inside of a database.
  ///
  /// @return the exact right that is missing, as a sentence; empty if none is
  public Optional<String> missingInPlace(String database) {
    try (PsqlSession session = server.openTo(database)) {
      return session
          .query(
              "SELECT n.nspname || '.' || c.relname, pg_get_userbyid(c.relowner) FROM pg_class c"
                  + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                  + InPlaceScript.OWN_RELATION
                  + " AND NOT pg_has_role(c.relowner, 'MEMBER') ORDER BY 1 LIMIT 1",
              2)
          .stream()
          .map(row ->
              "'%s' is no member of '%s', which owns %s"
                  .formatted(server.user(), row.get(1), row.get(0)))
          .findFirst()
          .or(() ->
              closedExtension(Set.copyOf(session.column(InPlaceScript.EXTENSIONS)))
                  .map(this::noRightTo));
    }
  }
}
