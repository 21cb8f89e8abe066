package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.testkit.Fuzzer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StoreAddressFuzzTest {
  @Test
  void addressesAreReadOrRefused() {
    Fuzzer.of(StoreAddressFuzzTest.class, "store-address")
        .allowing(Rejected.class, Unsupported.class)
        .run(input -> StoreAddress.parse(new String(input, StandardCharsets.UTF_8)));
  }
}
