package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.UnnamedFile;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A dump in a file without a name, which is gone when this process is, however it ends. Several
/// processes of `pg_restore` can read it at once: where the data of each table begin, which a dump
/// that was written to a pipe does not say, has been added. Not thread-safe until it is complete.
public final class SeekableDump implements AutoCloseable {
  /// Says in an archive that an offset follows (PostgreSQL source, `pg_backup_archiver.h`,
  /// `K_OFFSET_POS_SET`).
  private static final byte OFFSET_IS_SET = 2;

  private static final String OTHER_SNAPSHOT =
      "recover another snapshot; 'holdfast check --read-data' looks at what is stored";

  private static final int OFFSET_BYTES = 1 + Long.BYTES;

  private final int descriptor;
  private final ArchiveCheck check = new ArchiveCheck(true);
  private long lengthBytes;
  private boolean open = true;

  private SeekableDump(int descriptor) {
    this.descriptor = descriptor;
  }

  /// Writes a dump somewhere.
  @FunctionalInterface
  public interface Origin {
    /// Writes all of it. The stream is not closed.
    void writeTo(OutputStream output) throws IOException;
  }

  /// Takes a whole dump.
  ///
  /// @param name of the dump, for messages
  /// @param directories where the file may be, the best one first
  /// @param lengthBytes of the dump
  /// @throws HoldfastException.InputOutput if there is no room
  /// @throws HoldfastException.Corrupt if it is not a whole dump
  public static SeekableDump of(
      String name, List<String> directories, long lengthBytes, Origin origin) {
    SeekableDump file = new SeekableDump(UnnamedFile.create(name, directories, lengthBytes));
    try {
      origin.writeTo(file.new Output());
      if (!file.check.isComplete()) {
        throw new HoldfastException.Corrupt(
            name + " is not a whole dump: " + file.check.missing(), OTHER_SNAPSHOT, null);
      }
      file.addOffsets();
      return file;
    } catch (IOException e) {
      file.close();
      throw new HoldfastException.InputOutput(
          "a copy of %s cannot be written: %s".formatted(name, Reason.of(e)),
          "point TMPDIR to a file system that has the space",
          e);
    } catch (HoldfastException.Corrupt e) {
      file.close();
      throw new HoldfastException.Corrupt(name + ": " + e.getMessage(), OTHER_SNAPSHOT, e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void addOffsets() throws PosixException {
    byte[] field = new byte[OFFSET_BYTES];
    for (Map.Entry<Long, Long> offset : check.offsets().entrySet()) {
      ByteBuffer.wrap(field)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put(OFFSET_IS_SET)
          .putLong(offset.getValue());
      Posix.pwrite(descriptor, field, 0, field.length, offset.getKey());
    }
  }

  /// The tables with the rows that are in the dump, in the order of their names; empty if it is
  /// compressed, as those from elsewhere may be.
  public Optional<List<TableRows>> tables() {
    return check.head().isCompressed() ? Optional.empty() : Optional.of(check.tables());
  }

  /// The roles that own something in it.
  Set<String> owners() {
    return check.head().owners();
  }

  /// Those, and whatever else it may need as a role.
  Set<String> roles() {
    Set<String> roles = new TreeSet<>(owners());
    roles.addAll(check.head().mentioned());
    return roles;
  }

  /// The tablespaces it needs.
  Set<String> tablespaces() {
    Set<String> tablespaces = new TreeSet<>(check.head().tablespaces());
    tablespaces.addAll(head().ownTablespace());
    return tablespaces;
  }

  /// What is said at its beginning.
  public DumpHead head() {
    return DumpHead.of(check.head());
  }

  /// What it says of the database itself, its schemas, extensions, casts and constraints, and about
  /// anything.
  List<ArchiveHead.Entry> entries() {
    return check.head().kept();
  }

  /// A path for other processes of this user, while this one lives and the file is open.
  String path() {
    return "/proc/" + Posix.getpid() + "/fd/" + descriptor;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      try {
        Posix.close(descriptor);
      } catch (PosixException e) {
        // There is nothing in it that is still wanted.
      }
    }
  }

  /// Takes the dump, and follows it.
  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      check.accept(bytes, offset, length);
      Posix.pwrite(descriptor, bytes, offset, length, lengthBytes);
      lengthBytes += length;
    }
  }
}
