package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.SourceFacts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The content of a file that nobody else may open before this is closed.
record ClaimedContent(Content content, DatabaseFiles.Claim fileClaim) implements Content {
  @Override
  public long lengthBytes() {
    return content.lengthBytes();
  }

  @Override
  public Cutting cutting() {
    return content.cutting();
  }

  @Override
  public Claim claim() {
    return content.claim();
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    content.read(position, target, offset, length);
  }

  @Override
  public Optional<SourceFacts> facts() {
    return content.facts();
  }

  @Override
  public List<Companion> companions() {
    return content.companions();
  }

  @Override
  public void close() {
    try {
      content.close();
    } finally {
      fileClaim.close();
    }
  }
}
