package dev.holdfast.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.lock.LockEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LockNoticeTest {
  @Test
  void whoWaitsForALockThatCannotBeReadIsToldForHowLong() {
    LockEvent event =
        new LockEvent.ReadingAgain(
            new HoldfastException.Corrupt("locks/12 is damaged"), Duration.ofSeconds(35));

    assertThat(LockNotice.of(event, Instant.EPOCH))
        .contains(
            "a lock cannot be read, and may still be on its way: locks/12 is damaged; reading it"
                + " again for up to 35s");
  }

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
