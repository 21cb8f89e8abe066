package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionStringTest {
  private static PostgresSettings parse(String address) {
    return PostgresSettings.parse(address, Map.of());
  }

  @Test
  void addressIsReadAsLibpqReadsIt() {
    assertThat(
            ConnectionString.parse(
                "postgresql://a%40b:p%3Aw@db.example:5433/shop?sslmode=verify-full&options=-c%20x"))
        .containsExactly(
            Map.entry("user", "a@b"),
            Map.entry("password", "p:w"),
            Map.entry("host", "db.example"),
            Map.entry("port", "5433"),
            Map.entry("dbname", "shop"),
            Map.entry("sslmode", "verify-full"),
            Map.entry("options", "-c x"));
  }

  @Test
  void severalHostsSocketsAndNumericAddressesAreUnderstood() {
    assertThat(ConnectionString.parse("postgres://h1:1,h2,[::1]:3/d"))
        .containsEntry("host", "h1,h2,::1")
        .containsEntry("port", "1,,3");
    assertThat(ConnectionString.parse("postgresql://%2Fvar%2Frun/d"))
        .containsEntry("host", "/var/run");
    assertThat(ConnectionString.parse("postgresql:///d?host=/var/run&ssl=true"))
        .containsExactly(
            Map.entry("dbname", "d"),
            Map.entry("host", "/var/run"),
            Map.entry("sslmode", "require"));
  }

  @Test
  void pairsMayBeQuotedAndEscaped() {
    assertThat(ConnectionString.parse("host = 'my host'  password=a\\ b dbname='it\\'s'"))
        .containsExactly(
            Map.entry("host", "my host"),
            Map.entry("password", "a b"),
            Map.entry("dbname", "it's"));
  }

  @Test
  void wordAloneIsTheNameOfADatabase() {
    assertThat(ConnectionString.parse("shop")).containsExactly(Map.entry("dbname", "shop"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:topsecret@h/d",
        "host='h password=topsecret",
        "host=h topsecret",
        "postgresql://u:topsecret%zz@h/d",
        "postgresql://u:topsecret@[::1/d",
        "postgresql://u:topsecret@h/d?sslmode"
      })
  void whatCannotBeReadIsRejectedWithoutRepeatingIt(String address) {
    assertThatThrownBy(() -> parse(address))
        .isInstanceOf(HoldfastException.Rejected.class)
        .message()
        .doesNotContain("topsecret");
  }

  @Test
  void passwordIsNeverPrintedNorInTheConnectionString() {
    PostgresSettings settings = parse("postgresql://u:topsecret@h/d");
    assertThat(settings.toString()).doesNotContain("topsecret");
    assertThat(settings.connectionString()).doesNotContain("topsecret").contains("user='u'");
    assertThat(settings.password()).contains("topsecret");
  }

  @Test
  void secretsThatOnlyAnArgumentCouldCarryAreRejected() {
    assertThatThrownBy(() -> parse("host=h sslpassword=topsecret"))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("sslpassword")
        .message()
        .doesNotContain("topsecret");
  }

  @Test
  void databaseComesFromTheEnvironmentOrIsThatOfTheServer() {
    assertThat(parse("host=h").keywords()).containsEntry("dbname", "postgres");
    assertThat(PostgresSettings.parse("host=h", Map.of("PGDATABASE", "x")).keywords())
        .doesNotContainKey("dbname");
    assertThat(parse("service=prod").keywords()).containsExactly(Map.entry("service", "prod"));
  }

  @Test
  void serverIsNamedByItsHostAndAnUnusualPort() {
    assertThat(parse("postgresql://h/d").serverName(Map.of())).isEqualTo("h");
    assertThat(parse("postgresql://h:5433/d").serverName(Map.of())).isEqualTo("h-5433");
    assertThat(parse("postgresql:///d?host=/run").serverName(Map.of())).isEqualTo("local");
    assertThat(parse("service=prod").serverName(Map.of())).isEqualTo("prod");
    assertThat(parse("").serverName(Map.of("PGHOST", "q"))).isEqualTo("q");
  }
}
