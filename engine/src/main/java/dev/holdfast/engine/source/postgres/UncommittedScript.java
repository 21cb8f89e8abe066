package dev.holdfast.engine.source.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A script of `pg_restore --single-transaction` without the `COMMIT` at its end, so that what
/// comes behind it belongs to the same transaction.
final class UncommittedScript {
  private static final byte[] COMMIT = "\nCOMMIT;\n".getBytes(StandardCharsets.US_ASCII);

  /// So far from its end the script has its `COMMIT`, behind which only comments come.
  private static final int TAIL_BYTES = 4096;

  private static final int BLOCK_BYTES = 64 * 1024;

  private final InputStream script;

  UncommittedScript(InputStream script) {
    this.script = script;
  }

  /// Copies it.
  ///
  /// @return whether there was one `COMMIT` at the end; if not, the last bytes are left out
  boolean copyTo(OutputStream target) throws IOException {
    byte[] bytes = new byte[TAIL_BYTES + BLOCK_BYTES];
    int held = 0;
    for (int read = script.read(bytes, held, BLOCK_BYTES);
        read >= 0;
        read = script.read(bytes, held, BLOCK_BYTES)) {
      held += read;
      int ready = Math.max(0, held - TAIL_BYTES);
      target.write(bytes, 0, ready);
      System.arraycopy(bytes, ready, bytes, 0, held - ready);
      held -= ready;
    }
    for (int at = held - COMMIT.length; at >= 0; at--) {
      if (isCommit(bytes, at)) {
        target.write(bytes, 0, at + 1); // with the line feed before it
        return true;
      }
    }
    return false;
  }

  private static boolean isCommit(byte[] bytes, int at) {
    return java.util.Arrays.equals(bytes, at, at + COMMIT.length, COMMIT, 0, COMMIT.length);
  }
}
