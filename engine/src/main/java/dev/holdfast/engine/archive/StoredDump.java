package dev.holdfast.engine.archive;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A dump of a PostgreSQL database that lies in a file and was read to its end before.
final class StoredDump implements StreamSource {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final String COMPRESSION = "compression";

  private final Path file;
  private final SourceFacts facts;
  private @Nullable InputStream opened;

  StoredDump(Path file, SourceFacts facts) {
    this.file = file;
    this.facts = facts;
  }

  @Override
  public String kind() {
    return "postgres";
  }

  @Override
  public Claim claim() {
    return Claim.TRANSACTIONAL;
  }

  @Override
  public InputStream open() throws IOException {
    opened = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    return opened;
  }

  /// Only in a dump that is not compressed do rows lie as rows.
  @Override
  public OptionalLong expectedRowBytes() {
    try {
      return facts.properties().getOrDefault(COMPRESSION, "none").equals("none")
          ? OptionalLong.of(Files.size(file))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void confirmComplete() {
    // All of it was read before.
  }

  @Override
  public Optional<SourceFacts> facts() {
    return Optional.of(facts);
  }

  @Override
  public void close() {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException e) {
      return; // nothing was written to it
    }
  }
}
