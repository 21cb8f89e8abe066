package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HintsTest {
  @Test
  void largeObjectsNeedOtherRightsThanTables() {
    assertThat(
            Hints.forFailure(
                "could not open large object 16465: ERROR:  permission denied for large object 16465"))
        .contains("GRANT SELECT ON LARGE OBJECT");
    assertThat(Hints.forFailure("ERROR:  permission denied for table p"))
        .contains("grant the user the role pg_read_all_data");
  }
}
