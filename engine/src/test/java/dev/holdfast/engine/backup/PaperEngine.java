package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A kind of database of one page with a text on it, whose state mark is that text. The file
/// `NAME.log` beside it, if there is one, is stored as a companion. It does what a test tells it
/// to.
final class PaperEngine implements DatabaseEngine {
  static final int PAGE_BYTES = 512;
  private static final String MAGIC = "Paper: ";

  final List<String> opened = new ArrayList<>();
  final Set<String> notTogether = new HashSet<>();
  final Set<String> locked = new HashSet<>();
  private Runnable beforeOpening = () -> {};

  /// Writes a database.
  static void write(Path file, String text) throws IOException {
    Files.write(file, Arrays.copyOf((MAGIC + text).getBytes(StandardCharsets.UTF_8), PAGE_BYTES));
  }

  /// Lets something happen once, just before the next database is opened.
  void beforeOpening(Runnable event) {
    beforeOpening = event;
  }

  private static String text(String path) {
    try {
      return Files.readString(Path.of(path)).substring(MAGIC.length()).replace("\0", "");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput("cannot read " + path, "", e);
    }
  }

  @Override
  public String name() {
    return "paper";
  }

  @Override
  public boolean recognizes(byte[] head, int length) {
    return new String(head, 0, length, StandardCharsets.UTF_8).startsWith(MAGIC);
  }

  @Override
  public boolean recognizes(String path) throws IOException {
    byte[] head = Files.readAllBytes(Path.of(path));
    return recognizes(head, head.length);
  }

  @Override
  public List<String> sidecarSuffixes() {
    return List.of(".log", ".tmp");
  }

  @Override
  public boolean fixesOneInstant() {
    return true;
  }

  @Override
  public List<Content> openTogether(List<String> paths) {
    for (String path : paths) {
      if (notTogether.contains(path)) {
        throw new HoldfastException.Rejected(path + " cannot be locked from here", "");
      }
    }
    return paths.stream().map(this::open).toList();
  }

  @Override
  public Content open(String path) {
    Runnable event = beforeOpening;
    beforeOpening = () -> {};
    event.run();
    if (locked.contains(path)) {
      throw new HoldfastException.Locked(path + " is locked", "");
    }
    opened.add(path);
    return new Page(path, text(path), Instant.now());
  }

  @Override
  public Optional<String> stateMark(String path) {
    return Optional.of(text(path));
  }

  private record Log(String text) implements Content {
    @Override
    public long lengthBytes() {
      return text.length();
    }

    @Override
    public Cutting cutting() {
      return new Cutting.ByContent();
    }

    @Override
    public Claim claim() {
      return Claim.CRASH_CONSISTENT;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
      System.arraycopy(
          text.getBytes(StandardCharsets.UTF_8), Math.toIntExact(position), target, offset, length);
    }

    @Override
    public void close() {}
  }

  private record Page(String path, String text, Instant instant) implements Content {
    @Override
    public long lengthBytes() {
      return text.length();
    }

    @Override
    public Cutting cutting() {
      return new Cutting.Extents(PAGE_BYTES);
    }

    @Override
    public Claim claim() {
      return Claim.CRASH_CONSISTENT;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, Math.toIntExact(position), target, offset, length);
    }

    @Override
    public Optional<SourceFacts> facts() {
      return Optional.of(
          new SourceFacts(
              "7",
              instant,
              List.of(new TableRows("letters", text.length(), true)),
              Optional.of("flat"),
              Map.of("colour", "white"),
              List.of()));
    }

    @Override
    public List<Companion> companions() {
      try {
        Path log = Path.of(path + ".log");
        return Files.exists(log)
            ? List.of(new Companion(".log", new Log(Files.readString(log))))
            : List.of();
      } catch (IOException e) {
        throw new HoldfastException.InputOutput("cannot read the log of " + path, "", e);
      }
    }

    @Override
    public void close() {}
  }
}
