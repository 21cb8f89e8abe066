package dev.holdfast.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.lock.LockEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LockNoticeTest {
  @Test
  void whoMayNotDeleteALockIsNotToldThatHeCould() {
    LockEvent event =
        new LockEvent.ReleaseFailed(
            new LockId(Hash.parse("0".repeat(Hash.HEX_CHARS)).orElseThrow()),
            new HoldfastException.InputOutput("no right to delete it", "", null));

    assertThat(LockNotice.of(event, Instant.EPOCH))
        .contains(
            "the lock could not be removed: no right to delete it; it stays until somebody who may"
                + " delete it runs 'holdfast unlock'");
  }
}
