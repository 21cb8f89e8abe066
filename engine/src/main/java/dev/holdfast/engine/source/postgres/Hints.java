package dev.holdfast.engine.source.postgres;

/// What to do about a failure of a client program. libpq says why in words only; where they are not
/// recognized, such as in another language, the hint is a general one and nothing else changes.
final class Hints {
  private Hints() {}

  static String forFailure(String said) {
    if (said.contains("no password supplied") || said.contains("password authentication failed")) {
      return "give the password in the address, in PGPASSWORD, in ~/.pgpass or in a service file";
    }
    if (said.contains("SSL") || said.contains("certificate")) {
      return "sslmode, sslrootcert, sslcert and sslkey say how the connection is encrypted";
    }
    if (said.contains("unsupported startup parameter")) {
      return "this is a connection pooler: connect to the server itself";
    }
    if (said.contains("large object")) {
      return "pg_read_all_data does not count for large objects: connect as their owner or as a "
          + "superuser, or GRANT SELECT ON LARGE OBJECT";
    }
    if (said.contains("permission denied")) {
      return "grant the user the role pg_read_all_data, or connect as the owner";
    }
    if (said.contains("row-level security")) {
      return "connect as a superuser or a role with BYPASSRLS, who sees every row";
    }
    if (said.contains("lock timeout") || said.contains("LOCK TABLE")) {
      return "somebody holds the table exclusively: try again when that is done";
    }
    if (said.contains("invalid memory alloc request size")) {
      return "PostgreSQL cannot write a row whose values are longer than 1 GB as text, bytea twice its "
          + "length: split such values, or keep them as large objects";
    }
    if (said.contains("conflict with recovery")) {
      return "on a standby, set hot_standby_feedback or raise max_standby_streaming_delay";
    }
    if (said.contains("server closed the connection") || said.contains("terminating connection")) {
      return "the connection was lost on the way: try again; the server's log may say why";
    }
    return "check address, user and database; 'psql' with the same address shows the same";
  }
}
