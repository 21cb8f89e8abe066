package dev.holdfast.engine.source.stream;

import dev.holdfast.engine.source.StreamSource;
import java.io.InputStream;

/// A stream that somebody else opened and closes, such as standard input.
public final class InputSource implements StreamSource {
  private final InputStream input;

  public InputSource(InputStream input) {
    this.input = input;
  }

  @Override
  public InputStream open() {
    return input;
  }

  @Override
  public void confirmComplete() {
    // Whoever writes to a pipe has no way to say that it failed.
  }

  @Override
  public void close() {
    // It is not ours.
  }
}
