package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// What is said at the beginning of a dump of all that is in it.
///
/// @param entries constraints, and what is said of the database itself
public record DumpHead(List<ArchiveHead.Entry> entries) {
  public DumpHead {
    entries = List.copyOf(entries);
  }

  /// Reads the beginning of a dump.
  ///
  /// @param name of the dump, for messages
  public static DumpHead of(String name, SeekableDump.Origin origin) {
    HeadOutput output = new HeadOutput();
    try {
      origin.writeTo(output);
    } catch (EnoughException e) {
      return new DumpHead(output.head.kept());
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(name + " cannot be read: " + e.getMessage(), "", e);
    }
    if (!output.whole) {
      throw new HoldfastException.Corrupt(
          name + " ends within its table of contents", "recover another snapshot", null);
    }
    return new DumpHead(output.head.kept());
  }

  /// Ends the reading when the head is complete.
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static final class HeadOutput extends OutputStream {
    private final ArchiveBytes bytes = new ArchiveBytes();
    private final ArchiveHead head = new ArchiveHead(bytes, true);
    private boolean whole;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      bytes.add(from, offset, length);
      whole = head.advance();
      if (whole) {
        throw new EnoughException();
      }
    }
  }
}
