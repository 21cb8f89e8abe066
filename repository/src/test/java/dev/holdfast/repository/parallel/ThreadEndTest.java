package dev.holdfast.repository.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadEndTest {
  /// A thread that interrupts whoever waits for it, a while after it was told to go on.
  private static Thread interrupting(Thread waiting, CountDownLatch end) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (waiting.getState() != Thread.State.WAITING
              && waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
          }
          waiting.interrupt();
          while (end.getCount() > 0) {
            // Goes on until the interrupt was taken and the waiting has begun again.
            if (!waiting.isInterrupted()
                && (waiting.getState() == Thread.State.WAITING
                    || waiting.getState() == Thread.State.TIMED_WAITING)) {
              end.countDown();
            }
          }
        });
  }

  @Test
  void interruptedWhileWaitingItStillWaitsAndKeepsTheInterrupt() {
    Thread thread = interrupting(Thread.currentThread(), new CountDownLatch(1));
    ThreadEnd.await(thread);
    assertThat(thread.isAlive()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptedBeforeOrWhileWaitingWithPatienceItStillWaits() {
    Thread thread = interrupting(Thread.currentThread(), new CountDownLatch(1));
    Thread.currentThread().interrupt();
    assertThat(ThreadEnd.await(thread, Duration.ofMinutes(1))).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void threadThatDoesNotEndIsNotWaitedForBeyondPatience() {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(ThreadEnd.await(thread, Duration.ofMillis(20))).isFalse();
    end.countDown();
    ThreadEnd.await(thread);
    assertThat(Thread.interrupted()).isFalse();
  }
}
