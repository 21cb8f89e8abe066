package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots that lost something, beside some whose own files are damaged.
class RepairSnapshotsTest {
  private static final int CONTENT_BYTES = 200_000;

  @TempDir Path scratch;

  private List<Path> files(String folder) throws IOException {
    try (Stream<Path> walk = Files.walk(scratch.resolve("repository").resolve(folder))) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  /// A snapshot of one file; gives what it stored.
  private List<Path> backup(Run run, int number) throws IOException {
    byte[] content = new byte[CONTENT_BYTES];
    new Random(number).nextBytes(content);
    Path file = Files.write(scratch.resolve("file-" + number), content);
    List<Path> before = new ArrayList<>(files("data"));
    before.addAll(files("snapshots"));
    run.holdfast("backup", file.toString()).done();
    List<Path> after = new ArrayList<>(files("data"));
    after.addAll(files("snapshots"));
    after.removeAll(before);
    return after;
  }

  @Test
  void whatCanBeReadIsMendedAndWhatCannotIsNamedAtTheEnd() throws IOException {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    List<String> damaged = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Path snapshot =
          backup(run, i).stream()
              .filter(file -> file.getParent().endsWith("snapshots"))
              .findFirst()
              .orElseThrow();
      damaged.add(snapshot.getFileName().toString());
      Files.write(snapshot, new byte[100]);
    }
    String first = damaged.getFirst();
    assertThat(run.holdfast("forget", first).with(1).err())
        .contains("'holdfast repair snapshots --forget %s'".formatted(first.substring(0, 8)));
    Path content =
        backup(run, 2).stream().max(Comparator.comparingLong(file -> file.toFile().length())).get();
    Files.delete(content);
    backup(run, 3);
    Path kept = scratch.resolve("kept");
    String keep = "--keep-in=" + kept;
    run.holdfast("repair", "index", "--yes", keep).done();

    Run.Ended dry =
        run.holdfast("repair", "snapshots", "--forget", "--dry-run").with(ExitCode.DONE_IN_PART);
    assertThat(dry.out()).contains(": replace");
    Run.Ended ended =
        run.holdfast("repair", "snapshots", "--forget", "--yes", keep).with(ExitCode.DONE_IN_PART);

    assertThat(ended.out()).contains("modified 1 snapshots");
    for (String id : damaged) {
      assertThat(ended.err()).contains(id.substring(0, 8));
      assertThat(scratch.resolve("repository/snapshots").resolve(id)).exists();
    }
    assertThat(ended.err()).contains(" cannot be read\n", "repair snapshots --forget ");
    assertThat(run.holdfast("repair", "snapshots", "--forget", "--yes").with(3).out())
        .contains("no snapshots were modified");
    run.holdfast("repair", "snapshots", "--forget", "--yes", damaged.get(0), damaged.get(1), keep)
        .done();
    run.holdfast("check", "--read-data").done();
    assertThat(run.holdfast("snapshots").done().out()).contains("2 snapshots");
  }
}
