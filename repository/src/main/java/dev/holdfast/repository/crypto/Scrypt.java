package dev.holdfast.repository.crypto;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Derives a key from a password at a chosen cost (RFC 7914), its lanes in parallel.
final class Scrypt {
  /// Memory per unit of r in one block.
  static final int BYTES_PER_R = 128;

  /// Most bytes that all lanes may start with.
  static final int MAX_INITIAL_BYTES = 16 * 1024 * 1024;

  /// Lanes run at once as long as they need no more memory than this together.
  private static final long MAX_PARALLEL_BYTES = 128L * 1024 * 1024;

  private Scrypt() {}

  static byte[] derive(byte[] password, byte[] salt, ScryptParameters parameters, int length) {
    int laneBytes = BYTES_PER_R * parameters.r();
    byte[] blocks = pbkdf2(password, salt, laneBytes * parameters.p());
    mixLanes(blocks, parameters);
    byte[] key = pbkdf2(password, blocks, length);
    Arrays.fill(blocks, (byte) 0);
    return key;
  }

  private static void mixLanes(byte[] blocks, ScryptParameters parameters) {
    AtomicInteger nextLane = new AtomicInteger();
    int threads = threads(parameters);
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      FutureTask<Boolean> task =
          new FutureTask<>(() -> mixSomeLanes(blocks, parameters, nextLane), true);
      tasks.add(task);
      if (i < threads - 1) {
        Thread.ofPlatform().daemon().name("scrypt-" + i).start(task);
      } else {
        task.run();
      }
    }
    for (FutureTask<Boolean> task : tasks) {
      await(task);
    }
  }

  private static int threads(ScryptParameters parameters) {
    long byMemory = Math.max(1, MAX_PARALLEL_BYTES / parameters.laneBytes());
    int byLanes = Math.min(parameters.p(), Runtime.getRuntime().availableProcessors());
    return (int) Math.min(byMemory, byLanes);
  }

  private static void mixSomeLanes(
      byte[] blocks, ScryptParameters parameters, AtomicInteger nextLane) {
    ScryptLane lane = new ScryptLane(parameters.n(), parameters.r());
    int laneBytes = BYTES_PER_R * parameters.r();
    for (int i = nextLane.getAndIncrement(); i < parameters.p(); i = nextLane.getAndIncrement()) {
      lane.mix(blocks, i * laneBytes);
    }
    lane.wipe();
  }

  /// Waits without end: lanes take a bounded time, and a half-made key is of no use.
  private static void await(FutureTask<Boolean> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("scrypt lane failed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// PBKDF2 with HMAC-SHA256 and one iteration (RFC 8018, section 5.2).
  private static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // HMAC pads its key with zeros, so a single zero byte stands for the empty key.
      byte[] key = password.length == 0 ? new byte[1] : password;
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      int blockBytes = mac.getMacLength();
      byte[] out = new byte[length];
      for (int i = 0, index = 1; i < length; i += blockBytes, index++) {
        mac.update(salt);
        mac.update(
            new byte[] {
              (byte) (index >> 24), (byte) (index >> 16), (byte) (index >> 8), (byte) index
            });
        byte[] block = mac.doFinal();
        System.arraycopy(block, 0, out, i, Math.min(blockBytes, length - i));
        Arrays.fill(block, (byte) 0);
      }
      return out;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HMAC-SHA256", e);
    }
  }
}
