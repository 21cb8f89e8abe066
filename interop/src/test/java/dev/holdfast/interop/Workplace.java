package dev.holdfast.interop;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.SnapshotCodec;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import dev.holdfast.testkit.ResticProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One repository, seen by both programs, and what a test needs around it.
record Workplace(Path root, HoldfastProgram holdfast, ResticProgram restic) {
  private static final String PASSWORD = "correct horse";
  private static final Pattern SAVED = Pattern.compile("snapshot ([0-9a-f]{8}) saved");

  static Workplace in(Path root) {
    Path repository = root.resolve("repository");
    return new Workplace(
        root, new HoldfastProgram(repository, PASSWORD), new ResticProgram(repository, PASSWORD));
  }

  /// Both programs on another repository beside this one.
  Workplace beside(String name) {
    Path repository = root.resolve(name);
    return new Workplace(
        root, new HoldfastProgram(repository, PASSWORD), new ResticProgram(repository, PASSWORD));
  }

  /// A restic that has `rewrite`, which the one of Debian 12 has not.
  ResticProgram newerRestic() {
    Path tool = Path.of("").toAbsolutePath().resolve("tools/newer-restic");
    String program = Command.of(tool.toString()).run().succeeded().output().strip();
    return new ResticProgram(program, restic.repository(), restic.password());
  }

  /// Creates the repository by Holdfast in format version 1 or 2, with a key that is cheap to open.
  void init(int version) {
    holdfast.init(version);
    CheapKey.in(holdfast.repository(), PASSWORD);
  }

  /// Creates the repository by restic in format version 1 or 2, with a key that is cheap to open.
  void initByRestic(int version) {
    restic.init(version);
    CheapKey.in(restic.repository(), PASSWORD);
  }

  String password() {
    return PASSWORD;
  }

  /// The short id in the line `snapshot … saved`.
  static String savedSnapshot(String output) {
    Matcher matcher = SAVED.matcher(output);
    if (!matcher.find()) {
      throw new AssertionError("no snapshot was saved: " + output);
    }
    return matcher.group(1);
  }

  /// Where a restore into `target` puts what was backed up from `source`.
  static Path restored(Path target, Path source) {
    return target.resolve(source.toAbsolutePath().toString().substring(1));
  }

  /// All that the repository's snapshots say, but not their own ids, which encryption makes random.
  List<String> snapshotTexts() {
    try (LocalStore store = new LocalStore(restic.repository());
        Repository repository =
            Repository.open(
                store, PASSWORD.getBytes(StandardCharsets.UTF_8), OpenOptions.DEFAULT)) {
      return repository.snapshots().stream()
          .map(
              stored -> new String(SnapshotCodec.encode(stored.snapshot()), StandardCharsets.UTF_8))
          .sorted()
          .toList();
    }
  }
}
