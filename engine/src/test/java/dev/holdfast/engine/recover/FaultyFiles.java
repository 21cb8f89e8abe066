package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.util.Collection;
import java.util.OptionalLong;

/// The real file system, of which one call fails. Not thread-safe.
final class FaultyFiles implements LiveFiles {
  /// How it fails.
  enum Fault {
    /// The disk is full, and nothing is done.
    FULL,
    /// It is not allowed, and nothing is done.
    FORBIDDEN,
    /// It is done, and an error is said.
    DONE
  }

  private final PosixFiles files = new PosixFiles();
  private final int number;
  private final Fault fault;
  private int calls;
  private boolean isDead;

  /// @param number of the call that fails, from 1; zero for none
  FaultyFiles(int number, Fault fault) {
    this.number = number;
    this.fault = fault;
  }

  /// The process ends here: it does nothing more, nor takes anything back.
  void die() {
    isDead = true;
  }

  /// So far.
  int calls() {
    return calls;
  }

  /// One call of the layer.
  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T call(Call<T> call) throws IOException {
    if (isDead) {
      throw new AssertionError("the process has ended");
    }
    boolean here = ++calls == number;
    if (here && fault != Fault.DONE) {
      throw fault == Fault.FULL
          ? new PosixException("injected", Errno.ENOSPC, "No space left on device")
          : new PosixException("injected", Errno.EACCES, "Permission denied");
    }
    T result = call.run();
    if (here) {
      throw new PosixException("injected", Errno.EIO, "Input/output error");
    }
    return result;
  }

  /// One without a result.
  private interface Action {
    void run() throws IOException;
  }

  private void act(Action action) throws IOException {
    boolean _ =
        call(() -> {
          action.run();
          return true;
        });
  }

  @Override
  public OptionalLong inode(String path) throws IOException {
    return call(() -> files.inode(path));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    act(() -> files.rename(from, to));
  }

  @Override
  public boolean exchange(String one, String other) throws IOException {
    return call(() -> files.exchange(one, other));
  }

  @Override
  public void sync(Collection<String> paths) throws IOException {
    act(() -> files.sync(paths));
  }

  @Override
  public void makeFolder(String path) throws IOException {
    act(() -> files.makeFolder(path));
  }

  @Override
  public void removeEmptyFolder(String path) throws IOException {
    act(() -> files.removeEmptyFolder(path));
  }

  @Override
  public void removeTree(String path) throws IOException {
    act(() -> files.removeTree(path));
  }

  @Override
  public void append(String file, byte[] bytes) throws IOException {
    act(() -> files.append(file, bytes));
  }

  @Override
  public byte[] read(String file) throws IOException {
    return call(() -> files.read(file));
  }
}
