package dev.holdfast.engine.source.postgres;

/// What to do about a failure of a client program. libpq says why in words only; where they are not
/// recognized, such as in another language, the hint is a general one and nothing else changes.
final class Hints {
  private Hints() {}

  /// What to do when a dump cannot be loaded.
  static String forLoad(String said) {
    if (said.contains(" does not exist") && said.contains("SQL function ")) {
      return "a function in the dump finds this by its search_path alone, or before it is there: give "
          + "the function a search_path of its own (ALTER FUNCTION ... SET search_path) and back up "
          + "anew; what is in this dump can be loaded by hand, with 'holdfast dump' and pg_restore";
    }
    return "what it says is PostgreSQL's own answer; the server's log may say more";
  }

  static String forFailure(String said) {
    if (said.contains("password file") && said.contains("group or world access")) {
      return "libpq reads no password file that others may read: 'chmod 600' it";
    }
    if (said.contains("no password supplied") || said.contains("password authentication failed")) {
      return "give the password in the address, in PGPASSWORD, in ~/.pgpass or in a service file";
    }
    if (said.contains("Peer authentication") || said.contains("Ident authentication")) {
      return "the server takes the user of the operating system here: run as that user, map it in "
          + "pg_ident.conf, or name a host in the address to come by password";
    }
    if (said.contains("no pg_hba.conf entry") || said.contains("pg_hba.conf rejects")) {
      return "the server's pg_hba.conf lets nobody in like this: see whether host, user and database "
          + "are right, and whether it asks for an encrypted connection (sslmode)";
    }
    if (said.contains("template database") && said.contains("collation version")) {
      return "the server's system has other rules of sorting now than when its template was made: "
          + "ALTER DATABASE template0 REFRESH COLLATION VERSION, as a superuser";
    }
    if (said.contains("too many connections for")
        || said.contains("too many clients")
        || said.contains("connection slots are reserved")) {
      return "a backup takes three connections, and a recovery a few more: raise the limit, of the "
          + "database, of the role or of the server, or try again when others are gone";
    }
    if (said.contains("not currently accepting connections")) {
      return "ALTER DATABASE ... ALLOW_CONNECTIONS true opens it";
    }
    if (said.contains("the database system is")) {
      return "the server is starting, stopping or recovering: try again when that is done";
    }
    if (said.contains("SSL") || said.contains("certificate") || said.contains("private key")) {
      return "sslmode, sslrootcert, sslcert and sslkey say how the connection is encrypted";
    }
    if (said.contains("timeout expired")) {
      return "nobody answered: see whether the server runs, and whether a firewall lets you through; "
          + "connect_timeout in the address, or PGCONNECT_TIMEOUT, says after how many seconds";
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
