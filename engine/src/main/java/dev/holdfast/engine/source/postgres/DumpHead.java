package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What is said at the beginning of a dump of all that is in it.
///
/// @param entries constraints, subscriptions, schemas, extensions and casts, and what is said about
///   anything
/// @param owners the roles that own something in it
/// @param makers those of them that own something which is no schema
/// @param grantees the roles that have rights to something in it
/// @param tablespaces those that something lies in, but for the one of the database itself
public record DumpHead(
    List<ArchiveHead.Entry> entries,
    Set<String> owners,
    Set<String> makers,
    Set<String> grantees,
    Set<String> tablespaces) {
  /// How an archive calls one.
  static final String SUBSCRIPTION = "SUBSCRIPTION";

  public DumpHead {
    entries = List.copyOf(entries);
    owners = Set.copyOf(owners);
    makers = Set.copyOf(makers);
    grantees = Set.copyOf(grantees);
    tablespaces = Set.copyOf(tablespaces);
  }

  static DumpHead of(ArchiveHead head) {
    return new DumpHead(
        head.kept(), head.owners(), head.makers(), head.grantees(), head.tablespaces());
  }

  /// The subscriptions in it, by their names. A database that is made of it has them, and none of
  /// them goes on by itself.
  public List<String> subscriptions() {
    return entries.stream()
        .filter(entry -> entry.description().equals(SUBSCRIPTION))
        .map(ArchiveHead.Entry::name)
        .toList();
  }

  /// The tablespace that the database itself lies in, if it is not that of its template.
  Set<String> ownTablespace() {
    Set<String> own = new TreeSet<>();
    for (ArchiveHead.Entry entry : entries) {
      if (entry.description().equals("DATABASE")) {
        own.addAll(Sql.namesAfter("TABLESPACE =", entry.definition()));
      }
    }
    return own;
  }

  /// Reads the beginning of a dump.
  ///
  /// @param name of the dump, for messages
  public static DumpHead of(String name, SeekableDump.Origin origin) {
    HeadOutput output = new HeadOutput();
    try {
      origin.writeTo(output);
    } catch (EnoughException e) {
      return of(output.head);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(name + " cannot be read: " + Reason.of(e), "", e);
    }
    if (!output.whole) {
      throw new HoldfastException.Corrupt(
          name + " ends within its table of contents", "recover another snapshot", null);
    }
    return of(output.head);
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
