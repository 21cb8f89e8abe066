package dev.holdfast.engine.archive.read;

import dev.holdfast.engine.query.PaxAttributes;
import dev.holdfast.posix.OsString;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a tar archive, entry by entry: the old form, ustar and pax (POSIX.1), and the long names
/// and numbers of GNU tar. It must end as tar archives do, with nothing behind it. One thread at a
/// time.
public final class TarInput {
  static final int BLOCK = 512;

  private final InputStream input;
  private final byte[] block = new byte[BLOCK];
  private long left;
  private int padding;
  private boolean ended;

  public TarInput(InputStream input) {
    this.input = input;
  }

  /// Whether these first bytes of a file are those of a tar archive.
  public static boolean isTar(byte[] head, int length) {
    return length >= BLOCK && TarHeader.hasChecksum(head);
  }

  /// The next entry; empty at the end. What is left of the content of the one before is passed
  /// over.
  public Optional<TarEntry> next() throws IOException {
    skipContent();
    PaxRecords records = new PaxRecords();
    while (!ended) {
      if (!readBlock()) {
        throw Refusal.damaged("it ends without the end that a tar archive has");
      }
      if (TarHeader.isZero(block)) {
        end();
        break;
      }
      TarHeader header = new TarHeader(block);
      switch (header.type()) {
        case 'x' -> records.add(records(header));
        case 'g' -> {
          // Of the whole archive: a comment, as git writes it. Names cannot come from there.
          byte[] ignored = records(header);
          new PaxRecords().add(ignored);
        }
        case 'L' -> records.longName(text(records(header)));
        case 'K' -> records.longLink(text(records(header)));
        default -> {
          return Optional.of(entry(header, records));
        }
      }
    }
    return Optional.empty();
  }

  private TarEntry entry(TarHeader header, PaxRecords records) {
    TarEntry.Kind kind = header.kind(records.name());
    long size = records.size().orElse(header.size());
    if (records.isSparse() || header.type() == 'S') {
      throw Refusal.refused("it has sparse files, which only some programs extract");
    }
    boolean hasContent = kind == TarEntry.Kind.FILE || kind == TarEntry.Kind.OTHER;
    left = hasContent ? size : 0;
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    return new TarEntry(
        records.name().orElseGet(header::name),
        kind,
        header.mode(),
        records.uid().orElseGet(header::uid),
        records.gid().orElseGet(header::gid),
        left,
        records.seconds().orElseGet(header::modifiedSeconds),
        records.nanos(),
        records.link().orElseGet(header::link),
        records.attributes());
  }

  /// The content of the entry that [#next] gave, up to its end; -1 then.
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = input.read(target, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw Refusal.damaged("it ends within a file");
    }
    left -= count;
    return count;
  }

  private void skipContent() throws IOException {
    byte[] buffer = new byte[BLOCK];
    while (left > 0) {
      read(buffer, 0, buffer.length);
    }
    if (input.readNBytes(padding).length < padding) {
      throw Refusal.damaged("it ends within a file");
    }
    padding = 0;
  }

  private byte[] records(TarHeader header) throws IOException {
    long size = header.size();
    if (size > PaxAttributes.RECORDS_BYTES_MAX) {
      throw Refusal.refused("the names of an entry have " + size + " bytes");
    }
    byte[] bytes = input.readNBytes((int) size);
    int pad = (int) ((BLOCK - size % BLOCK) % BLOCK);
    if (bytes.length < size || input.readNBytes(pad).length < pad) {
      throw Refusal.damaged("it ends within the names of an entry");
    }
    return bytes;
  }

  private static String text(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return OsString.decode(java.util.Arrays.copyOf(bytes, end));
  }

  /// Two blocks of zeros, and more of them up to where a tape would stop.
  private void end() throws IOException {
    ended = true;
    if (!readBlock() || !TarHeader.isZero(block)) {
      throw Refusal.damaged("it ends without the end that a tar archive has");
    }
    @Nullable String wrong = null;
    for (int count = input.read(block); count > 0; count = input.read(block)) {
      for (int i = 0; i < count; i++) {
        if (block[i] != 0) {
          wrong = "something follows the end of its tar data";
        }
      }
      if (wrong != null) {
        throw Refusal.damaged(wrong);
      }
    }
  }

  private boolean readBlock() throws IOException {
    int count = input.readNBytes(block, 0, BLOCK);
    if (count != 0 && count < BLOCK) {
      throw Refusal.damaged("it ends within a block of its tar data");
    }
    return count == BLOCK;
  }
}
