package dev.holdfast.repository.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AheadTest {
  private static final int NEAR = 2;
  private static final int FAR = 5;

  @Test
  void aNearStoreIsAskedByTheThreadThatStartsIt() {
    Thread here = Thread.currentThread();
    try (Ahead<Thread> answer = Ahead.ask(NEAR, Thread::currentThread)) {
      assertThat(answer.get()).isSameAs(here);
    }
  }

  @Test
  void aFarStoreIsAskedWhileOtherWorkGoesOn() {
    CountDownLatch other = new CountDownLatch(1);
    try (Ahead<String> answer = Ahead.ask(FAR, () -> await(other))) {
      other.countDown();
      assertThat(answer.get()).isEqualTo("answered");
    }
  }

  @Test
  void whatTheQuestionThrewIsThrownWhenTheAnswerIsNeeded() {
    for (int store : List.of(NEAR, FAR)) {
      try (Ahead<String> answer =
          Ahead.ask(
              store,
              () -> {
                throw new NotFound("nothing there", "look elsewhere");
              })) {
        assertThatThrownBy(answer::get).isInstanceOf(NotFound.class).hasMessage("nothing there");
      }
    }
  }

  @Test
  void closingEndsAQuestionThatNobodyWaitsFor() {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch asked = new CountDownLatch(1);
    try (Ahead<String> answer =
        Ahead.ask(
            FAR,
            () -> {
              asked.countDown();
              try {
                return await(new CountDownLatch(1));
              } finally {
                ended.set(true);
              }
            })) {
      await(asked);
      assertThat(answer).isNotNull();
    }
    assertThat(ended).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitingForAnAnswer() {
    CountDownLatch never = new CountDownLatch(1);
    try (Ahead<String> answer = Ahead.ask(FAR, () -> await(never))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(answer::get).isInstanceOf(Cancelled.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static String await(CountDownLatch latch) {
    try {
      latch.await();
      return "answered";
    } catch (InterruptedException e) {
      throw new Cancelled("interrupted");
    }
  }
}
