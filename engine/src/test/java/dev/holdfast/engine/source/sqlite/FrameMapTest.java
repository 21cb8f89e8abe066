package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameMapTest {
  @Test
  void aMapThatGrewKnowsTheLastFrameOfEachPage() {
    Random random = new Random(7);
    FrameMap frames = new FrameMap();
    Map<Integer, Integer> expected = new HashMap<>();
    for (int frame = 1; frame <= 200_000; frame++) {
      int page = 1 + random.nextInt(60_000);
      frames.put(page, frame);
      expected.put(page, frame);
    }
    assertThat(frames.size()).isEqualTo(expected.size());
    for (int page = 1; page <= 60_001; page++) {
      assertThat(frames.frameOf(page)).isEqualTo(expected.getOrDefault(page, 0));
    }
  }

  @Test
  void pagesBeyondTwoBillionAreKept() {
    FrameMap frames = new FrameMap();
    frames.put((int) 4_294_967_294L, 3);
    assertThat(frames.frameOf((int) 4_294_967_294L)).isEqualTo(3);
    assertThat(frames.frameOf((int) 4_294_967_293L)).isZero();
  }
}
