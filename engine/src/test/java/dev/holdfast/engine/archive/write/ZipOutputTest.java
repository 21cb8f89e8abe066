package dev.holdfast.engine.archive.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.archive.read.ZipInput;
import dev.holdfast.testkit.Command;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Zip archives where 32 bits do not suffice, as other programs see them.
class ZipOutputTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 3, 31, 12, 0);
  private static final long FOUR_GIB = 1L << 32;
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  @Tag("slow")
  void anEntryOfMoreThanFourGibibytesIsReadByOthers() throws Exception {
    Path zip = folder.resolve("long.zip");
    long length = FOUR_GIB + 12_345;
    byte[] zeros = new byte[1 << 20];
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(zip))) {
      ZipOutput output = new ZipOutput(file, TIME);
      output.add("metadata.json", CONTENT.length, out -> out.write(CONTENT));
      output.add(
          "database.dump",
          length,
          out -> {
            for (long left = length; left > 0; left -= zeros.length) {
              out.write(zeros, 0, (int) Math.min(left, zeros.length));
            }
          });
      output.finish();
    }
    assertThat(Files.size(zip)).isLessThan(32 << 20);
    assertThat(Command.of("zipinfo", "-l", zip.toString()).run().succeeded().output())
        .contains(Long.toString(length));
    assertThat(Command.of("unzip", "-t", zip.toString()).run().succeeded().output())
        .contains("No errors detected");
    try (FileChannel channel = FileChannel.open(zip)) {
      assertThat(new ZipInput(channel).entries())
          .extracting(ZipInput.Entry::plainBytes)
          .containsExactly((long) CONTENT.length, length);
    }
  }

  @Test
  void entriesAndADirectoryBeyondFourGibibytesAreFoundByOthers() throws Exception {
    Path zip = folder.resolve("far.zip");
    // A hole of that length stands for what lies before.
    try (FileChannel file =
        FileChannel.open(
            zip,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      write(file, FOUR_GIB + 5);
    }
    checkFound(zip);
  }

  @Test
  void aDirectoryThatBeginsBeyondTheLastPlaceOf32BitsIsFoundByOthers() throws Exception {
    for (int before = 0; before <= 120; before += 20) {
      Path zip = folder.resolve("edge" + before + ".zip");
      try (FileChannel file =
          FileChannel.open(
              zip,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.SPARSE)) {
        write(file, FOUR_GIB - 1 - before);
      }
      checkFound(zip);
      Files.delete(zip);
    }
  }

  private static void write(FileChannel file, long from) throws IOException {
    file.position(from);
    OutputStream stream = Channels.newOutputStream(file);
    ZipOutput output = new ZipOutput(stream, TIME, from);
    output.add("metadata.json", CONTENT.length, out -> out.write(CONTENT));
    output.add("database.dump", CONTENT.length, out -> out.write(CONTENT));
    output.finish();
  }

  private static void checkFound(Path zip) throws IOException {
    assertThat(Command.of("unzip", "-t", zip.toString()).run().succeeded().output())
        .contains("No errors detected");
    try (ZipFile read = new ZipFile(zip.toFile())) {
      assertThat(read.stream().map(ZipEntry::getName))
          .containsExactly("metadata.json", "database.dump");
      assertThat(read.getInputStream(read.getEntry("database.dump")).readAllBytes())
          .isEqualTo(CONTENT);
    }
  }
}
