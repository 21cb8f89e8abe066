package dev.holdfast.cli.terminal;

import dev.holdfast.engine.source.stream.BlockInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// A stream that reads a channel: unlike a plain file stream, an interrupt ends a read that waits.
/// Java's own view of a channel asks for its position, which pipes do not have.
public final class ChannelInput extends BlockInput {
  private final ReadableByteChannel channel;

  public ChannelInput(ReadableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return length == 0 ? 0 : channel.read(ByteBuffer.wrap(target, offset, length));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
