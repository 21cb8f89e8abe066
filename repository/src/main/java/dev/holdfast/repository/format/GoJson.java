package dev.holdfast.repository.format;

import java.util.Arrays;

/// Writes JSON as Go's `encoding/json` does, to the byte. Not thread-safe.
public final class GoJson {
  private byte[] buffer;
  private int length;

  public GoJson(int expectedBytes) {
    buffer = new byte[Math.max(64, expectedBytes)];
  }

  public GoJson beginObject() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  public GoJson endObject() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  public GoJson beginArray() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  public GoJson endArray() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  /// Starts a member of an object.
  public GoJson name(String name) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(name);
  }

  public GoJson string(String value) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(value);
  }

  public GoJson number(long value) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("" + value);
  }

  public GoJson bool(boolean value) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("" + value);
  }

  public GoJson nul() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }
}
