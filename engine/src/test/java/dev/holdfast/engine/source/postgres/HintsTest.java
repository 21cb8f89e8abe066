package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintsTest {
  @Test
  void functionThatFindsATableByItsSearchPathAloneIsTheReasonOfALoadThatFails() {
    assertThat(
            Hints.forLoad(
                "COPY failed for table \"u\": ERROR:  relation \"ref\" does not exist; CONTEXT:"
                    + "  SQL function \"okref\" during inlining; COPY u, line 1: \"1\""))
        .contains("SET search_path");
    assertThat(Hints.forLoad("ERROR:  role \"x\" does not exist")).contains("log may say more");
  }

  @Test
  void largeObjectsNeedOtherRightsThanTables() {
    assertThat(
            Hints.forFailure(
                "could not open large object 16465: ERROR:  permission denied for large object 16465"))
        .contains("GRANT SELECT ON LARGE OBJECT");
    assertThat(Hints.forFailure("ERROR:  permission denied for table p"))
        .contains("grant the user the role pg_read_all_data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FATAL:  sorry, too many clients already|three connections
          FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute|three connections
          FATAL:  too many connections for database "shop"|three connections
          FATAL:  too many connections for role "app"|three connections
          ERROR:  template database "template0" has a collation version mismatch|REFRESH COLLATION VERSION
          FATAL:  database "shop" is not currently accepting connections|ALLOW_CONNECTIONS
          connection to server at "db", port 5432 failed: timeout expired|PGCONNECT_TIMEOUT
          FATAL:  the database system is starting up|try again when that is done
          FATAL:  Peer authentication failed for user "app"|run as that user
          FATAL:  no pg_hba.conf entry for host "::1", user "app", database "shop", no encryption|sslmode
          private key file "/x/key" has group or world access|sslkey
          WARNING: password file "/x" has group or world access; fe_sendauth: no password supplied|chmod 600
          """)
  void whyTheServerLetsNobodyInSaysWhatToDo(String said, String hint) {
    assertThat(Hints.forFailure(said)).contains(hint);
  }
}
