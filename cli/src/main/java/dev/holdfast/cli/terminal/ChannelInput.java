package dev.holdfast.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// A stream that reads a channel: unlike a plain file stream, an interrupt ends a read that waits.
/// Java's own view of a channel asks for its position, which pipes do not have.
public final class ChannelInput extends InputStream {
  private final ReadableByteChannel channel;

  public ChannelInput(ReadableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
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
