package dev.holdfast.engine.archive.write;

import dev.holdfast.engine.scratch.HeldFile;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that appears under its name when it is whole and on the disk, and not at all otherwise.
/// Readable by its owner alone: what is in it is not encrypted. What a process that was killed left
/// of a file is removed by the next that writes it. One thread at a time.
public final class NewFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final HeldFile temporary;
  private final OutputStream stream;

  private NewFile(Path file, HeldFile temporary) {
    this.file = file;
    this.temporary = temporary;
    stream = new BufferedOutputStream(Channels.newOutputStream(temporary.channel()), BUFFER_BYTES);
  }

  /// Begins the file, under a temporary name beside its own.
  ///
  /// @param replace whether a file of that name may be there already
  /// @throws HoldfastException.AlreadyExists if one is and may not
  public static NewFile begin(Path file, boolean replace) {
    Path absolute = file.toAbsolutePath().normalize();
    if (Files.isDirectory(absolute)) {
      throw new HoldfastException.Rejected("'" + file + "' is a folder", "name a file in it");
    }
    if (!replace && Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new HoldfastException.AlreadyExists(
          "'" + file + "' exists already", "choose another name, or replace it with --force");
    }
    String beginning = "." + absolute.getFileName() + ".partial-";
    Path folder = absolute.resolveSibling(".").normalize();
    HeldFile.removeAbandoned(folder, beginning, "", Files::deleteIfExists);
    try {
      return new NewFile(absolute, HeldFile.make(folder, beginning, ""));
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot write '" + file + "': " + Reason.of(e),
          "see whether the folder exists and can be written to",
          e);
    }
  }

  public OutputStream stream() {
    return stream;
  }

  /// Makes the file appear, durably.
  public void publish() throws IOException {
    stream.flush();
    temporary.channel().force(true);
    Files.move(temporary.path(), file, StandardCopyOption.ATOMIC_MOVE); // before its lock goes
    temporary.channel().close();
    syncFolder(file.resolveSibling("."));
  }

  /// Makes what was renamed, made or removed in a folder durable.
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }

  /// Removes what was not published.
  @Override
  public void close() {
    try {
      temporary.close();
      Files.deleteIfExists(temporary.path());
    } catch (IOException e) {
      // Its name begins with a dot and says that it is partial.
      return;
    }
  }
}
