package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MasterKeyTest {
  @Test
  void jsonIsWhatResticWritesAndReads() {
    String json =
        "{\"mac\":{\"k\":\"AQEBAQEBAQEBAQEBAQEBAQ==\",\"r\":\"AgICAgICAgICAgICAgICAg==\"},"
            + "\"encrypt\":\"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=\"}";
    MasterKey key = MasterKey.fromJson(json.getBytes(StandardCharsets.US_ASCII));

    assertThat(new String(key.toJson(), StandardCharsets.US_ASCII)).isEqualTo(json);
    assertThat(key.k()).containsOnly(1).hasSize(16);
    assertThat(key.r()).containsOnly(2).hasSize(16);
    assertThat(key.encryptionKey()).containsOnly(3).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"encrypt\":\"AQ==\"}",
        "{\"encrypt\":\"****\"}",
        "{\"mac\":null}",
        "{\"mac\":{\"k\":\"AQEBAQEBAQEBAQEBAQEBAQ==\",\"r\":\"AgICAgICAgICAgICAgICAg==\"}}"
      })
  void whatIsNoKeyIsCorrupt(String json) {
    assertThatThrownBy(() -> MasterKey.fromJson(json.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(Corrupt.class);
  }

  @Test
  void closedKeyIsOfNoUseAndNothingPrintsIt() {
    MasterKey key = MasterKey.generate(new SecureRandom());
    MasterKey copy = key.copy();
    key.close();
    assertThatThrownBy(key::toJson).isInstanceOf(IllegalStateException.class);
    assertThat(copy.isSameKey(copy.copy())).isTrue();
    assertThat(key).hasToString("MasterKey");
  }
}
