package dev.holdfast.interop;

import static dev.holdfast.interop.Workplace.restored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files from nothing to five gigabytes, around every size at which something changes.
@Tag("slow")
class LargeFilesTest {
  private static final long MIB = 1 << 20;
  private static final long[] SIZES = {
    0, 1, 4095, 512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, 8 * MIB, 8 * MIB + 1, 40 * MIB + 7
  };
  private static final long HUGE_BYTES = 5L << 30;

  @TempDir Path folder;

  @Test
  void filesOfEverySizeGoBothWays() throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = Files.createDirectory(folder.resolve("tree"));
    SplittableRandom random = new SplittableRandom(5);
    for (long size : SIZES) {
      byte[] bytes = new byte[Math.toIntExact(size)];
      random.nextBytes(bytes);
      Files.write(tree.resolve("file-" + size), bytes);
    }
    writeSparse(tree.resolve("huge"), random);
    work.init(2);
    work.holdfast().run("backup", tree.toString()).succeeded();
    work.restic().checkClean();

    Path byRestic = folder.resolve("by-restic");
    work.newerRestic()
        .run("restore", "latest", "--sparse", "--target", byRestic.toString())
        .succeeded();
    assertSame(tree, restored(byRestic, tree));
    Path byHoldfast = folder.resolve("by-holdfast");
    work.holdfast()
        .run("restore", "latest", "--sparse", "--target", byHoldfast.toString())
        .succeeded();
    assertSame(tree, restored(byHoldfast, tree));
    String secondByRestic =
        work.restic().run("backup", "--json", "--force", tree.toString()).succeeded().output();
    assertThat(secondByRestic).contains("\"data_blobs\":0");
  }

  /// Two such packs are filled at a time, and another is on its way.
  @Test
  void packsOfTheLargestSizeGoBothWays() throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = Files.createDirectory(folder.resolve("tree"));
    SplittableRandom random = new SplittableRandom(6);
    byte[] piece = new byte[Math.toIntExact(50 * MIB)];
    for (int i = 0; i < 7; i++) {
      random.nextBytes(piece);
      Files.write(tree.resolve("file-" + i), piece);
    }
    work.init(2);
    work.holdfast().run("backup", "--pack-size=128", tree.toString()).succeeded();
    work.restic().checkClean();

    work.holdfast().run("check", "--read-data").succeeded();
    work.holdfast()
        .run("restore", "latest", "--target", folder.resolve("to").toString())
        .succeeded();
    assertSame(tree, restored(folder.resolve("to"), tree));
  }

  /// The list of its entries has 144 MB, as that of a folder with some 400,000 files.
  @Test
  void aFolderWithAVeryLongListOfEntriesGoesBothWays() throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Path target = Path.of("<".repeat(4000)); // six bytes each in JSON
    for (int i = 0; i < 6000; i++) {
      Files.createSymbolicLink(tree.resolve("link-" + i), target);
    }
    work.holdfast().init(2);
    work.holdfast().run("backup", tree.toString()).succeeded();
    work.restic().checkClean();

    assertThat(work.holdfast().run("backup", tree.toString()).succeeded().output())
        .contains("using parent snapshot");
    work.holdfast().run("check").succeeded();
    assertThat(work.holdfast().run("ls", "latest").succeeded().lines()).hasSizeGreaterThan(6000);
    work.holdfast()
        .run("restore", "latest", "--target", folder.resolve("to").toString())
        .succeeded();
    Command.of(
            "diff",
            "-r",
            "--no-dereference",
            tree.toString(),
            restored(folder.resolve("to"), tree).toString())
        .run()
        .succeeded();
  }

  private static void assertSame(Path expected, Path actual) {
    Command.of("diff", "-r", expected.toString(), actual.toString()).run().succeeded();
  }

  /// Five gigabytes of which all but a few megabytes are holes.
  private static void writeSparse(Path file, SplittableRandom random) throws IOException {
    byte[] piece = new byte[Math.toIntExact(MIB)];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 0; at < HUGE_BYTES; at += HUGE_BYTES / 7) {
        random.nextBytes(piece);
        out.seek(at);
        out.write(piece);
      }
      out.setLength(HUGE_BYTES);
    }
  }
}
