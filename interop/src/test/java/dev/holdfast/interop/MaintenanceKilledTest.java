package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments of copies, repairs and migrations, while another process backs up: the
/// same command finishes what was begun, and nothing is lost that a snapshot needs.
@Tag("slow")
class MaintenanceKilledTest {
  private static final int ROUNDS = 2;
  private static final int FILES = 12;
  private static final int FILE_BYTES = 700_000;

  private final Killing killing = new Killing(MaintenanceKilledTest.class);

  @TempDir Path folder;
  private Workplace work;
  private Path data;
  private Path other;

  @BeforeEach
  void makeData() throws IOException {
    work = Workplace.in(folder);
    data = Files.createDirectory(folder.resolve("data"));
    other = Files.createDirectory(folder.resolve("other"));
    for (int i = 0; i < FILES; i++) {
      write(data.resolve("file" + i));
    }
  }

  @Test
  void aKilledCopyLeavesWholeSnapshotsAndTheNextOneCopiesTheRest() throws Exception {
    makeRepository(2);
    write(data.resolve("file0"));
    backup(work, data).run().succeeded();
    Workplace target = work.beside("target");
    target.init(2);
    Path empty = folder.resolve("empty");
    Killing.replace(empty, target.restic().repository());
    Command copy =
        target
            .holdfast()
            .command("copy")
            .withEnvironment("RESTIC_FROM_REPOSITORY", work.restic().repository().toString())
            .withEnvironment("RESTIC_FROM_PASSWORD", work.password());
    long whole = Killing.nanosOf(copy);
    for (int i = 0; i < ROUNDS; i++) {
      Killing.replace(target.restic().repository(), empty);
      write(other.resolve("file"));
      killing.kill(copy, whole, backup(target, other));
      killing.checkClean(target);
    }
    copy.run().succeeded();
    target.restic().run("unlock").succeeded();
    target.restic().checkClean();
    assertRestored(target, work.snapshotTexts().size());
  }

  @Test
  void aKilledRepairOfTheIndexLosesNothing() throws Exception {
    makeRepository(2);
    write(data.resolve("file0"));
    backup(work, data).run().succeeded();
    Files.delete(newest("index").getFirst());
    Command repair = repair("index");
    finishesWhenKilled(repair, () -> repair.run().succeeded());
    assertRestored(work, 2);
  }

  @Test
  void aKilledRepairOfPacksSavesWhatCanBeRead() throws Exception {
    makeRepository(2);
    Path pack = largest("data");
    damage(pack);
    Command repair = repair("packs", pack.getFileName().toString());
    finishesWhenKilled(
        repair,
        () -> {
          if (Files.exists(pack)) {
            repair.run().succeeded();
          }
          // What is damaged still lies in the data and is healed by its backup, which says so.
          assertThat(backup(work, data).run().exitCode()).as(killing.when()).isIn(0, 3);
        });
    assertRestored(work, 1);
  }

  @Test
  void aKilledRepairOfSnapshotsGivesUpNothingElse() throws Exception {
    makeRepository(2);
    Path lost = data.resolve("lost");
    write(lost);
    backup(work, data).run().succeeded();
    Files.delete(lost);
    backup(work, data).run().succeeded();
    Files.delete(largestOf(newest("data").subList(0, 3)));
    repair("index").run().succeeded();
    Command repair = repair("snapshots", "--forget");
    finishesWhenKilled(repair, () -> repair.run().succeeded());
    backup(work, data).run().succeeded();
    assertRestored(work, 3);
  }

  @Test
  void aKilledMigrationLeavesARepositoryOfTheOneVersionOrTheOther() throws Exception {
    makeRepository(1);
    Command migrate =
        work.holdfast()
            .command("migrate", "upgrade_repo_v2", "--yes", "--retry-lock", "3m")
            .with("--keep-in", folder.resolve("kept").toString());
    finishesWhenKilled(migrate, () -> {});
    if (!work.holdfast().run("cat", "config").succeeded().output().contains("\"version\": 2")) {
      migrate.run().succeeded();
    }
    killing.checkClean(work);
    assertRestored(work, 1);
  }

  /// Kills the command at random moments, each time with the repository as it is now, and then
  /// finishes what it was about.
  private void finishesWhenKilled(Command command, Runnable finish) throws Exception {
    Path before = folder.resolve("before");
    assertThat(work.holdfast().run("check", "--read-data").exitCode())
        .as("what is repaired is damaged")
        .isEqualTo(command.words().contains("repair") ? 1 : 0);
    Killing.replace(before, work.restic().repository());
    long whole = Killing.nanosOf(command);
    for (int i = 0; i < ROUNDS; i++) {
      Killing.replace(work.restic().repository(), before);
      write(other.resolve("file"));
      killing.kill(command, whole, backup(work, other));
      finish.run();
      killing.checkClean(work);
    }
  }

  /// The data is in so many snapshots, and in the newest of them as it is.
  private void assertRestored(Workplace there, int snapshots) throws IOException {
    List<String> all = there.snapshotTexts();
    assertThat(all.stream().filter(text -> text.contains(data.toString())))
        .as(killing.when())
        .hasSizeGreaterThanOrEqualTo(snapshots);
    Path target = folder.resolve("restored");
    there
        .restic()
        .run(
            "restore",
            "latest",
            "--no-lock",
            "--path",
            data.toString(),
            "--target",
            target.toString())
        .succeeded();
    Command.of("diff", "-r", data.toString(), Workplace.restored(target, data).toString())
        .run()
        .succeeded();
  }

  private void makeRepository(int version) {
    work.init(version);
    backup(work, data).run().succeeded();
  }

  private Command repair(String... what) {
    return work.holdfast()
        .command("repair")
        .with(what)
        .with("--yes", "--retry-lock", "3m", "--keep-in", folder.resolve("kept").toString());
  }

  private static Command backup(Workplace there, Path what) {
    return there.holdfast().command("backup", "--pack-size", "4", what.toString());
  }

  private void write(Path file) throws IOException {
    byte[] content = new byte[FILE_BYTES];
    killing.random().nextBytes(content);
    Files.write(file, content);
  }

  private static void damage(Path pack) throws IOException {
    Files.setPosixFilePermissions(pack, PosixFilePermissions.fromString("rw-------"));
    byte[] bytes = Files.readAllBytes(pack);
    bytes[bytes.length / 3] ^= 1;
    Files.write(pack, bytes);
  }

  private List<Path> newest(String kind) throws IOException {
    try (Stream<Path> files = Files.walk(work.restic().repository().resolve(kind))) {
      return files
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed())
          .toList();
    }
  }

  private Path largest(String kind) throws IOException {
    return largestOf(newest(kind));
  }

  private static Path largestOf(List<Path> files) {
    return files.stream()
        .max(Comparator.comparingLong((Path file) -> file.toFile().length()))
        .orElseThrow();
  }
}
