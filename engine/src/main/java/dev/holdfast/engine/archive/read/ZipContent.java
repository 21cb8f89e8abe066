package dev.holdfast.engine.archive.read;

import dev.holdfast.engine.source.stream.BlockInput;
import dev.holdfast.posix.OsString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The content of an entry of a zip archive. One thread at a time.
final class ZipContent extends BlockInput {
  private final FileChannel file;
  private final ZipInput.Entry entry;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[64 * 1024];
  private long packedDone;
  private long plainDone;
  private boolean ended;

  ZipContent(FileChannel file, ZipInput.Entry entry) {
    this.file = file;
    this.entry = entry;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    int count =
        entry.method() == ZipInput.STORED
            ? stored(target, offset, length)
            : inflated(target, offset, length);
    if (count > 0) {
      crc.update(target, offset, count);
      plainDone += count;
      if (plainDone > entry.plainBytes()) {
        throw wrong("is longer than its size says");
      }
      return count;
    }
    ended = true;
    if (plainDone != entry.plainBytes() || packedDone != entry.packedBytes()) {
      throw wrong("is not as long as its size says");
    }
    if (crc.getValue() != entry.crc()) {
      throw wrong("has a wrong checksum");
    }
    return -1;
  }

  private int stored(byte[] target, int offset, int length) throws IOException {
    int wanted = (int) Math.min(length, entry.packedBytes() - packedDone);
    if (wanted == 0) {
      return -1;
    }
    int count = file.read(ByteBuffer.wrap(target, offset, wanted), entry.dataAt() + packedDone);
    if (count <= 0) {
      throw wrong("ends early");
    }
    packedDone += count;
    return count;
  }

  private int inflated(byte[] target, int offset, int length) throws IOException {
    try {
      while (true) {
        int count = inflater.inflate(target, offset, length);
        if (count > 0) {
          return count;
        }
        if (inflater.finished()) {
          packedDone -= inflater.getRemaining();
          return -1;
        }
        int wanted = (int) Math.min(buffer.length, entry.packedBytes() - packedDone);
        if (inflater.needsDictionary() || wanted == 0) {
          throw wrong("ends in the middle");
        }
        int read = file.read(ByteBuffer.wrap(buffer, 0, wanted), entry.dataAt() + packedDone);
        if (read <= 0) {
          throw wrong("ends early");
        }
        packedDone += read;
        inflater.setInput(buffer, 0, read);
      }
    } catch (DataFormatException e) {
      throw wrong("is broken: " + e.getMessage());
    }
  }

  private RuntimeException wrong(String reason) {
    return Refusal.damaged("its entry '%s' %s".formatted(OsString.display(entry.name()), reason));
  }

  @Override
  public void close() {
    inflater.end();
  }
}
