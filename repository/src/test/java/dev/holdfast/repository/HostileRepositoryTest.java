package dev.holdfast.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.maintenance.ReadData;
import dev.holdfast.repository.restore.RestoreEvent;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Repositories made to exhaust whoever reads them, read by a process with the memory that the
/// program has.
@Tag("slow")
class HostileRepositoryTest {
  private static final String HEAP = "-Xmx224m";

  /// After so many entries a restore without end is interrupted.
  private static final int ENOUGH = 50_000;

  @TempDir Path scratch;

  /// The process: checks, lists and restores all there is, and prints what came of it.
  static final class Reader {
    private Reader() {}

    public static void main(String[] arguments) {
      Path root = Path.of(arguments[0]);
      try (Repository repository = SampleRepository.open(new LocalStore(root))) {
        SnapshotList list = repository.listSnapshots();
        list.unreadable().forEach(each -> say("unreadable", each.cause().getMessage()));
        for (StoredSnapshot snapshot : list.readable()) {
          restore(repository, snapshot);
        }
        CheckReport report =
            new Checker(repository, new SecureRandom())
                .check(CheckOptions.DEFAULT.withReadData(new ReadData.All()), event -> {});
        say("check", "trees " + report.trees());
        report.findings().stream()
            .map(CheckReport.Entry::finding)
            .forEach(each -> say("found", each.thing() + " " + each.message()));
      } catch (HoldfastException e) {
        say("refused", e.getMessage());
      }
    }

    private static void restore(Repository repository, StoredSnapshot snapshot) {
      AtomicInteger events = new AtomicInteger();
      StringBuilder said = new StringBuilder();
      try {
        RestoreResult result =
            new Restorer(repository)
                .restore(
                    snapshot.snapshot().tree(),
                    "/nowhere",
                    RestoreOptions.DEFAULT.withDryRun(true),
                    event -> {
                      if (event instanceof RestoreEvent.Found found && said.length() < 200) {
                        said.append(found);
                      }
                      if (events.incrementAndGet() == ENOUGH) {
                        Thread.currentThread().interrupt();
                      }
                    });
        say(snapshot.snapshot().hostname(), "errors " + result.errors() + ": " + said);
      } catch (HoldfastException e) {
        say(snapshot.snapshot().hostname(), e.getMessage());
      } finally {
        Thread.interrupted();
      }
    }

    private static void say(String what, String message) {
      System.out.println(what + ": " + message.substring(0, Math.min(message.length(), 400)));
    }
  }

  private CommandResult read() {
    return Command.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            HEAP,
            "-Xss1m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Reader.class.getName(),
            scratch.toString())
        .run();
  }

  @Test
  void whatIsEndlessOrTooLargeIsRefusedWithTheMemoryThereIs() throws Exception {
    try (HostileRepository hostile = new HostileRepository(new LocalStore(scratch))) {
      hostile.addDeepTree();
      hostile.addManyPathsToOneTree();
      hostile.addTreeOfSmallNodes("wide", 50);
      hostile.addTreeOfSmallNodes("wider", 130);
      hostile.addTreeOfAttributes();
      hostile.addTallTree();
      hostile.addBombAsSnapshot(true);
      hostile.addBombAsSnapshot(false);
      hostile.addSnapshotOfPaths();
    }

    CommandResult result = read();

    assertThat(result.errors().lines().limit(5)).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.output())
        .containsPattern("deep: errors 1: ")
        .contains("laughs: the restore was interrupted")
        .containsPattern("wide: .*memory at hand")
        .containsPattern("wider: .* holds \\d+ bytes")
        .containsPattern("attributes: .*memory at hand")
        .containsPattern("tall: errors 1:.*too large together")
        .containsPattern("check: trees \\d+");
    assertThat(result.output().lines().filter(line -> line.startsWith("unreadable")))
        .hasSize(3)
        .allMatch(line -> line.contains("more than"));
  }
}
