package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.EntryNames;
import dev.holdfast.engine.archive.read.Limits;
import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.read.TarEntry;
import dev.holdfast.engine.archive.read.TarInput;
import dev.holdfast.engine.archive.write.Digesting;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.crypto.Hasher;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Unpacks a tar archive into a private folder, and compares its checksums if it has any. Whatever
/// it should not hold ends the work.
final class Unpacking {
  private static final int BUFFER_BYTES = 256 * 1024;

  /// Older times are what programs write that know none.
  private static final long TIME_MIN = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

  private final UnpackedTree tree;
  private final Path sums;
  private final Limits limits;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private @Nullable Description description;
  private byte @Nullable [] manifest;
  private boolean hasChecksums;
  private long entries;
  private long files;
  private long newest;

  /// @param sums a file that does not exist yet, for the checksums of what is unpacked
  Unpacking(UnpackedTree tree, Path sums, Limits limits) {
    this.tree = tree;
    this.sums = sums;
    this.limits = limits;
  }

  /// What the archive says of itself, if it does.
  Optional<Description> description() {
    return Optional.ofNullable(description);
  }

  /// The manifest of the snapshot that it was made of, if it has one.
  Optional<byte[]> manifest() {
    return Optional.ofNullable(manifest);
  }

  long files() {
    return files;
  }

  /// The newest time of a file in it, if there is any that means something.
  Optional<Instant> newest() {
    return newest < TIME_MIN ? Optional.empty() : Optional.of(Instant.ofEpochSecond(newest));
  }

  void run(TarInput tar) throws IOException {
    try (OutputStream lines = new BufferedOutputStream(Files.newOutputStream(sums))) {
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        if (hasChecksums) {
          throw Refusal.refused("something follows its checksums");
        }
        take(next.get(), tar, lines);
      }
    }
    if (description != null && !hasChecksums) {
      throw Refusal.damaged("the checksums that should be at its end are missing");
    }
    if (entries == 0) {
      throw Refusal.refused("it is empty");
    }
    tree.finish();
  }

  private void take(TarEntry entry, TarInput tar, OutputStream lines) throws IOException {
    if (++entries > limits.entriesMax()) {
      throw Refusal.tooLarge("it has more than " + limits.entriesMax() + " entries");
    }
    String name = EntryNames.checked(entry.name());
    String shown = TarExport.shown(entry.name());
    switch (entry.kind()) {
      case FILE -> file(name, entry, tar, lines);
      case FOLDER -> {
        if (!isOurs(name)) {
          tree.folder(name, entry);
        }
      }
      case SYMBOLIC_LINK -> {
        if (name.isEmpty() || isOurs(name) || leadsOut(name, entry)) {
          throw Refusal.refused(
              "its symbolic link %s leads out of it, to '%s'"
                  .formatted(shown, OsString.display(entry.linkTarget())));
        }
        tree.link(name, entry, isExport());
      }
      case HARD_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, PIPE, OTHER ->
          throw Refusal.refused("its entry " + shown + " is " + entry.kind().word());
    }
  }

  /// Links of a snapshot come back as they were, wherever they lead: nothing is written or read
  /// through one here, and a restore makes them without following. An archive of others is meant to
  /// be whole by itself, and one that reaches out of it is not.
  private boolean leadsOut(String name, TarEntry entry) {
    return !isExport() && LinkRule.leadsOut(name, entry.linkTarget());
  }

  /// Whether it was made of a snapshot. Its checksums are compared at its end.
  private boolean isExport() {
    return description != null;
  }

  private static boolean isOurs(String name) {
    return name.equals(Manifest.DIRECTORY) || name.startsWith(Manifest.DIRECTORY + "/");
  }

  private void file(String name, TarEntry entry, TarInput tar, OutputStream lines)
      throws IOException {
    if (name.isEmpty()) {
      throw Refusal.refused("a file in it has no name");
    }
    String sum;
    if (isOurs(name)) {
      if (name.equals(Description.CHECKSUMS_NAME)) {
        lines.flush();
        compare(tar);
        return;
      }
      sum = about(name, tar);
    } else {
      sum = tree.file(name, entry, target -> copy(tar, target));
      newest = Math.max(newest, entry.modifiedSeconds());
      files++;
    }
    lines.write(Checksums.line(sum, name));
  }

  /// Reads one of the small files about the archive.
  private String about(String name, TarInput tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int count = tar.read(buffer, 0, buffer.length);
        count >= 0;
        count = tar.read(buffer, 0, buffer.length)) {
      bytes.write(buffer, 0, count);
      if (bytes.size() > JsonTree.BYTES_MAX) {
        throw Refusal.refused(TarExport.shown(name) + " is too long");
      }
    }
    if (name.equals(Description.NAME) && entries == 1) {
      description = Description.decode(bytes.toByteArray());
    } else if (name.equals(Description.MANIFEST_NAME) && entries == 2 && description != null) {
      manifest = bytes.toByteArray();
    } else {
      throw Refusal.refused("its entry " + TarExport.shown(name) + " does not belong there");
    }
    return Hasher.of(bytes.toByteArray()).toHex();
  }

  private String copy(TarInput tar, OutputStream target) throws IOException {
    Digesting digesting = new Digesting(target);
    for (int count = tar.read(buffer, 0, buffer.length);
        count >= 0;
        count = tar.read(buffer, 0, buffer.length)) {
      digesting.write(buffer, 0, count);
    }
    digesting.flush();
    return digesting.end();
  }

  /// Compares the list of checksums in the archive with those of what was unpacked: they were
  /// written in the same order, so they are the same bytes or wrong.
  private void compare(TarInput tar) throws IOException {
    hasChecksums = true;
    try (InputStream wanted = new BufferedInputStream(Files.newInputStream(sums))) {
      byte[] ours = new byte[buffer.length];
      for (int count = tar.read(buffer, 0, buffer.length);
          count >= 0;
          count = tar.read(buffer, 0, buffer.length)) {
        int got = wanted.readNBytes(ours, 0, count);
        if (!java.util.Arrays.equals(buffer, 0, count, ours, 0, got)) {
          throw Refusal.damaged("its checksums do not match its files");
        }
      }
      if (wanted.read() >= 0) {
        throw Refusal.damaged("its checksums do not name all of its files");
      }
    }
  }
}
