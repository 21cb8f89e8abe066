package dev.holdfast.engine.archive.read;

import dev.holdfast.engine.source.stream.BlockInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads a gzip file (RFC 1952) of one or more members to its very end: the checksum and length of
/// each must be right, and nothing may follow. Closing leaves the input open.
public final class GzipInput extends BlockInput {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int METHOD_DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int FLAGS_RESERVED = 0xe0;

  /// A name or a comment is no longer than a path.
  private static final int TEXT_BYTES_MAX = 64 * 1024;

  private final InputStream input;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private long memberBytes;
  private boolean inMember;
  private boolean ended;

  public GzipInput(InputStream input) {
    this.input = input;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (!inMember) {
        beginMember();
        continue;
      }
      int count = inflate(target, offset, length);
      if (count > 0) {
        checksum.update(target, offset, count);
        memberBytes += count;
        return count;
      }
      if (inflater.finished()) {
        endMember();
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    if (inflater.needsInput()) {
      if (at == end && !fill()) {
        throw Refusal.damaged("its gzip data end in the middle");
      }
      inflater.setInput(buffer, at, end - at);
      at = end;
    }
    try {
      int count = inflater.inflate(target, offset, length);
      if (inflater.needsDictionary()) {
        throw Refusal.damaged("its gzip data want a dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      throw Refusal.damaged("its gzip data are broken: " + e.getMessage());
    }
  }

  private void beginMember() throws IOException {
    boolean first = memberBytes == 0 && at == 0 && end == 0;
    if (at == end && !fill()) {
      if (first) {
        throw Refusal.damaged("it is empty");
      }
      ended = true;
      return;
    }
    try {
      header(first);
    } catch (EOFException e) {
      throw Refusal.damaged("it ends within a gzip header");
    }
    inMember = true;
    memberBytes = 0;
    checksum.reset();
    inflater.reset();
  }

  private void header(boolean first) throws IOException {
    if (next() != 0x1f || next() != 0x8b) {
      throw Refusal.damaged(first ? "it is no gzip file" : "something follows the gzip data");
    }
    int method = next();
    int flags = next();
    if (method != METHOD_DEFLATE || (flags & FLAGS_RESERVED) != 0) {
      throw Refusal.damaged("its gzip header has method %d and flags %d".formatted(method, flags));
    }
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      int low = next();
      skip(low | next() << 8);
    }
    for (int flag : new int[] {FLAG_NAME, FLAG_COMMENT}) {
      if ((flags & flag) != 0) {
        skipText();
      }
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void skipText() throws IOException {
    for (int i = 0; next() != 0; i++) {
      if (i > TEXT_BYTES_MAX) {
        throw Refusal.damaged("its gzip header has a name without an end");
      }
    }
  }

  private void endMember() throws IOException {
    at -= inflater.getRemaining();
    inMember = false;
    try {
      long wantedChecksum = number();
      long wantedLength = number();
      if (wantedChecksum != checksum.getValue()) {
        throw Refusal.damaged("the checksum of its gzip data is wrong");
      }
      if (wantedLength != (memberBytes & 0xffffffffL)) {
        throw Refusal.damaged("the length of its gzip data is wrong");
      }
    } catch (EOFException e) {
      throw Refusal.damaged("it ends before the checksum of its gzip data");
    }
    memberBytes = Math.max(memberBytes, 1);
  }

  private long number() throws IOException {
    long value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (long) next() << (Byte.SIZE * i);
    }
    return value;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private int next() throws IOException {
    if (at == end && !fill()) {
      throw new EOFException();
    }
    return buffer[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    int count = input.read(buffer, 0, buffer.length);
    if (count <= 0) {
      return false;
    }
    at = 0;
    end = count;
    return true;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
