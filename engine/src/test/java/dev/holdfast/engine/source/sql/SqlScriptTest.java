package dev.holdfast.engine.source.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Scripts are taken apart where a statement ends, and nowhere else.
class SqlScriptTest {
  @Test
  void statementsEndAtSemicolonsOutsideOfStringsNamesAndComments() {
    assertThat(
            SqlScript.split(
                """
                -- a comment; with a semicolon
                UPDATE user SET mail = 'a;b''c' || "odd;name"; /* ; */
                DELETE FROM session ;;
                UPDATE t SET x = $body$ a; b $body$ WHERE y = $1 -- the last; has none
                """))
        .hasSize(3)
        .satisfies(all -> {
          assertThat(all.get(0)).endsWith("\"odd;name\"");
          assertThat(all.get(1)).endsWith("DELETE FROM session");
          assertThat(all.get(2)).startsWith("UPDATE t");
        });
  }

  @Test
  void triggerIsOneStatementWithThoseInside() {
    assertThat(
            SqlScript.split(
                "CREATE TEMP TRIGGER t AFTER UPDATE ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE"
                    + " FROM b; END; SELECT 1"))
        .hasSize(2)
        .last()
        .isEqualTo("SELECT 1");
  }

  @Test
  void commentsAloneAreNoStatement() {
    assertThat(SqlScript.split(" -- nothing\n ; /* at all */")).isEmpty();
    assertThat(SqlScript.split("")).isEmpty();
    assertThat(SqlScript.split("/* without an end")).isEmpty();
  }

  @Test
  void onlyASelectIsAQuery() {
    assertThat(SqlScript.isQuery("-- a check\n select 1")).isTrue();
    assertThat(SqlScript.isQuery("SELECT 'DELETE'")).isTrue();
    assertThat(SqlScript.isQuery("WITH x AS (SELECT 1) DELETE FROM y")).isFalse();
    assertThat(SqlScript.isQuery("UPDATE t SET a = (SELECT 1)")).isFalse();
  }
}
