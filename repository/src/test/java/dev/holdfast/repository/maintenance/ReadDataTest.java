package dev.holdfast.repository.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.maintenance.ReadData.StoredPack;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadDataTest {
  private static final List<StoredPack> PACKS =
      LongStream.range(0, 256)
          .mapToObj(i -> new StoredPack(new PackId(new Hash(i << 56, i, 0, 0)), 1000))
          .toList();

  @Test
  void subsetsAreReadAsResticReadsThem() {
    assertThat(ReadData.parse("2/5")).isEqualTo(new ReadData.Part(2, 5));
    assertThat(ReadData.parse("2.5%")).isEqualTo(new ReadData.Percent(2.5));
    assertThat(ReadData.parse("500")).isEqualTo(new ReadData.Bytes(500));
    assertThat(ReadData.parse("3k")).isEqualTo(new ReadData.Bytes(3072));
    assertThat(ReadData.parse("50M")).isEqualTo(new ReadData.Bytes(50L << 20));
    assertThat(ReadData.parse("1T")).isEqualTo(new ReadData.Bytes(1L << 40));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0/5",
        "6/5",
        "1/257",
        "0%",
        "101%",
        "0",
        "-1",
        "x",
        "1/2/3",
        "9999999999999T"
      })
  void subsetsThatMakeNoSenseAreRefused(String subset) {
    assertThatThrownBy(() -> ReadData.parse(subset)).isInstanceOf(Rejected.class);
  }

  @Test
  void partsTogetherAreEverythingOnce() {
    Set<StoredPack> all = new HashSet<>();
    int total = 0;
    for (int part = 1; part <= 5; part++) {
      List<StoredPack> chosen = new ReadData.Part(part, 5).choose(PACKS, new Random(1));
      all.addAll(chosen);
      total += chosen.size();
    }
    assertThat(all).hasSize(256);
    assertThat(total).isEqualTo(256);
  }

  @Test
  void sharesAreChosenAtRandomAndAreNeverEmpty() {
    assertThat(new ReadData.Percent(10).choose(PACKS, new Random(1))).hasSize(25);
    assertThat(new ReadData.Percent(0.001).choose(PACKS, new Random(1))).hasSize(1);
    assertThat(new ReadData.Bytes(64_000).choose(PACKS, new Random(1))).hasSize(64);
    assertThat(new ReadData.Bytes(1L << 50).choose(PACKS, new Random(1))).hasSize(256);
    assertThat(new ReadData.All().choose(PACKS, new Random(1))).hasSize(256);
    assertThat(new ReadData.None().choose(PACKS, new Random(1))).isEmpty();
    assertThat(new ReadData.Percent(10).choose(List.of(), new Random(1))).isEmpty();
  }
}
