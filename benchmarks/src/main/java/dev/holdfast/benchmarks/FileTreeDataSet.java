package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Writes a tree of small text files, shaped like a source tree: a few dozen files a folder, sizes
/// log-normal around 3 KiB. The same parameters give the same files.
///
/// @param seed of all randomness
/// @param files number of regular files
record FileTreeDataSet(long seed, int files) {
  private static final int FILES_PER_FOLDER = 40;
  private static final int FOLDERS_PER_FOLDER = 20;
  private static final double MEDIAN_BYTES = 3_000;
  private static final double SPREAD = 1.1;
  private static final int MAX_BYTES = 400_000;

  /// Tells data sets apart in a folder that keeps several.
  String name() {
    return "tree-%d-%d".formatted(seed, files);
  }

  /// The tree in `scratch`, made if it is not there.
  Path in(Path scratch) throws IOException {
    Path root = scratch.resolve(name());
    if (!Files.exists(root)) {
      Path draft = scratch.resolve("draft-tree");
      Folders.delete(draft);
      write(draft);
      Files.move(draft, root);
    }
    return root;
  }

  /// Writes the tree into `root`, which must not exist.
  void write(Path root) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path folder = root;
    for (int i = 0; i < files; i++) {
      if (i % FILES_PER_FOLDER == 0) {
        int number = i / FILES_PER_FOLDER;
        folder =
            root.resolve("module" + number / FOLDERS_PER_FOLDER)
                .resolve("package" + number % FOLDERS_PER_FOLDER);
        Files.createDirectories(folder);
      }
      Files.write(folder.resolve("Source" + i + ".txt"), content(random));
    }
  }

  private static byte[] content(SplittableRandom random) {
    double size = MEDIAN_BYTES * Math.exp(SPREAD * gaussian(random));
    int length = (int) Math.min(MAX_BYTES, Math.max(1, size));
    StringBuilder text = new StringBuilder(length + 80);
    while (text.length() < length) {
      text.append("  ".repeat(random.nextInt(5)))
          .append("field")
          .append(random.nextInt(500))
          .append(" = compute(")
          .append(random.nextInt(10_000))
          .append(", \"")
          .append(Long.toString(random.nextLong(), 36))
          .append("\");\n");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  /// One normally distributed number, by Box and Muller.
  private static double gaussian(SplittableRandom random) {
    double u = 1 - random.nextDouble();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
