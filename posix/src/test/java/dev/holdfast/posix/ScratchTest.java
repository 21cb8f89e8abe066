package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
  private static final int THREADS = 40;
  private static final int ROUNDS = 50;

  @TempDir Path directory;

  @Test
  void theSameMemoryIsNeverLentTwiceAtOnce() {
    List<Scratch> lent = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      lent.add(Scratch.borrow());
    }
    assertThat(lent.stream().map(Scratch::data).distinct()).hasSize(THREADS);
    lent.forEach(Scratch::close);
  }

  @Test
  void aBorrowerGetsBackWhatItReturned() {
    long first;
    try (Scratch scratch = Scratch.borrow()) {
      first = scratch.data();
    }
    try (Scratch scratch = Scratch.borrow()) {
      assertThat(scratch.data()).isEqualTo(first);
    }
  }

  @Test
  void virtualThreadsDoNotMixUpTheirCalls() throws Exception {
    useFromManyThreads(Executors.newVirtualThreadPerTaskExecutor());
  }

  @Test
  void platformThreadsDoNotMixUpTheirCalls() throws Exception {
    useFromManyThreads(Executors.newFixedThreadPool(THREADS));
  }

  private void useFromManyThreads(ExecutorService executor) throws Exception {
    try (executor) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        results.add(executor.submit(ownFile(i)));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private Callable<Boolean> ownFile(int number) {
    String path = directory.resolve("file" + number).toString();
    byte[] content = OsString.encode(path);
    return () -> {
      boolean right = true;
      for (int round = 0; round < ROUNDS; round++) {
        int flags = OpenFlag.O_RDWR | OpenFlag.O_CREAT;
        try (Descriptor file = Descriptor.open(path, flags, 0600)) {
          Posix.write(file.fd(), content, 0, content.length);
          byte[] back = new byte[content.length];
          Posix.pread(file.fd(), back, 0, back.length, 0);
          right &= path.equals(OsString.decode(back));
          right &= Posix.lstat(path).inode() == Posix.fstat(file.fd()).inode();
        }
      }
      return right;
    };
  }
}
