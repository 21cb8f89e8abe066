package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.testkit.CommandResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `forget` decides as a current restic does, to the snapshot and to the reason, over thousands of
/// pairs of a history and a policy: with gaps, changes of the time zone, snapshots of the future,
/// ties, tags, groups and filters.
@Tag("slow")
class ForgetAgainstResticTest {
  private static final int HISTORIES = 200;
  private static final int SNAPSHOTS_MAX = 16;
  private static final int POLICIES = 10;
  private static final String[] SPANS = {"hourly", "daily", "weekly", "monthly", "yearly"};
  private static final String[] GROUPS = {
    "host", "host", "host,tags", "host,paths", "host,paths,tags"
  };

  /// Time, host, short id and reasons of a snapshot that is kept.
  private static final Pattern REASON =
      Pattern.compile(
          "\\{\"snapshot\":\\{\"time\":\"([^\"]*)\"(?:(?!\"snapshot\":).)*?\"hostname\":\"([^\"]*)\""
              + "(?:(?!\"snapshot\":).)*?\"short_id\":\"([0-9a-f]{8})\"\\},"
              + "\"matches\":\\[((?:\"[^\"]*\",?)*)\\]");

  @TempDir static Path folder;
  private static Workplace work;
  private static SplittableRandom random;

  @BeforeAll
  static void makeHistories() throws Exception {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.err.println("ForgetAgainstResticTest seed " + seed);
    random = new SplittableRandom(seed);
    work = Workplace.in(folder);
    work.init(2);
    Path file = Files.writeString(folder.resolve("file"), "content");
    work.holdfast().run("backup", "--host", "template", file.toString()).succeeded();
    try (LocalStore store = new LocalStore(folder.resolve("repository"));
        Repository repository =
            Repository.open(
                store, work.password().getBytes(StandardCharsets.UTF_8), OpenOptions.DEFAULT)) {
      StoredSnapshot template = repository.snapshots().getFirst();
      for (int i = 0; i < HISTORIES; i++) {
        writeHistory(repository, template.snapshot(), "host" + i);
      }
    }
    work.holdfast().run("forget", "--host", "template", "--unsafe-allow-remove-all").succeeded();
  }

  private static void writeHistory(Repository repository, Snapshot template, String host) {
    OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
    int count = 1 + random.nextInt(SNAPSHOTS_MAX);
    long[] strides = {3_600, 20_000, 86_400, 400_000, 3_000_000};
    long stride = strides[random.nextInt(strides.length)];
    OffsetDateTime time =
        now.plusSeconds(random.nextInt(8) == 0 ? random.nextLong(9_000_000) : -60);
    OffsetDateTime last = time.plusSeconds(1);
    for (int i = 0; i < count; i++) {
      ZoneOffset zone = ZoneOffset.ofTotalSeconds(900 * (random.nextInt(90) - 40));
      List<String> tags = new ArrayList<>();
      boolean isTie = last.isEqual(time);
      if (isTie) {
        zone = last.getOffset(); // which of them comes first is nobody's promise
      }
      last = time.withOffsetSameInstant(zone);
      for (String tag : List.of("a", "b", "c")) {
        if (!isTie && random.nextInt(4) == 0) {
          tags.add(tag);
        }
      }
      repository.saveSnapshot(
          new Snapshot(
              time.withOffsetSameInstant(zone),
              null,
              template.tree(),
              template.paths(),
              host,
              template.username(),
              template.uid(),
              template.gid(),
              List.of(),
              tags,
              null,
              template.programVersion(),
              template.summary()));
      if (random.nextInt(12) == 0 && tags.isEmpty()) {
        continue; // the next one is of the same instant
      }
      time = time.minus(Duration.ofSeconds(1 + random.nextLong(2 * stride)));
      if (random.nextInt(10) == 0) {
        time = time.minusDays(random.nextInt(700));
      }
    }
  }

  @Test
  void everySnapshotIsKeptOrRemovedForTheSameReasons() {
    for (int i = 0; i < POLICIES; i++) {
      List<String> arguments = policy();
      arguments.addAll(filter());
      String[] words =
          concat(
              List.of(
                  "forget",
                  "--dry-run",
                  "--json",
                  "--group-by",
                  GROUPS[random.nextInt(GROUPS.length)]),
              arguments);
      CommandResult theirs = work.newerRestic().run(words);
      CommandResult ours = work.holdfast().run(words);

      assertThat(ours.exitCode())
          .as("%s%n%s", arguments, ours.errors())
          .isEqualTo(theirs.exitCode());
      Map<String, List<String>> expected = reasons(theirs.output());
      assertThat(reasons(ours.output())).as(String.join(" ", words)).isEqualTo(expected);
      if (theirs.exitCode() == 0) {
        assertThat(expected).as(arguments.toString()).isNotEmpty();
      }
    }
  }

  @Test
  void whatIsRemovedIsGoneAndTheRestIsSound() {
    Workplace other = work;
    String kept = "--keep-last=3";
    List<String> before = ids(other.restic().run("snapshots", "--json").succeeded().output());
    CommandResult plan =
        other.newerRestic().run("forget", "--dry-run", "--json", "--group-by", "host", kept);
    other.holdfast().run("forget", "--group-by", "host", kept).succeeded();
    List<String> after = ids(other.restic().run("snapshots", "--json").succeeded().output());
    assertThat(after)
        .hasSizeLessThan(before.size())
        .hasSize(reasons(plan.succeeded().output()).values().stream().mapToInt(List::size).sum());
    other.restic().checkClean();
  }

  private static List<String> policy() {
    List<String> arguments = new ArrayList<>();
    while (arguments.isEmpty()) {
      if (random.nextInt(3) == 0) {
        arguments.add("--keep-last=" + random.nextInt(1, 5));
      }
      for (String span : SPANS) {
        if (random.nextInt(3) == 0) {
          String count = random.nextInt(6) == 0 ? "unlimited" : "" + random.nextInt(1, 6);
          arguments.add("--keep-" + span + "=" + count);
        }
        if (random.nextInt(5) == 0) {
          arguments.add("--keep-within-" + span + "=" + period());
        }
      }
      if (random.nextInt(4) == 0) {
        arguments.add("--keep-within=" + period());
      }
      if (random.nextInt(3) == 0) {
        arguments.add("--keep-tag=" + List.of("a", "b,c", "", "a,b").get(random.nextInt(4)));
      }
    }
    return arguments;
  }

  /// Which snapshots are looked at.
  private static List<String> filter() {
    return switch (random.nextInt(6)) {
      case 0 -> List.of("--tag=a");
      case 1 -> List.of("--tag=b,c", "--tag=a");
      case 2 -> List.of("--path=" + folder.resolve("file"));
      case 3 -> List.of("--host=host1", "--host=host2");
      default -> List.of();
    };
  }

  private static String period() {
    return (random.nextBoolean() ? random.nextInt(3) + "y" : "")
        + (random.nextBoolean() ? random.nextInt(14) + "m" : "")
        + (random.nextBoolean() ? random.nextInt(40) + "d" : "")
        + (1 + random.nextInt(60))
        + "h";
  }

  private static String[] concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all.toArray(String[]::new);
  }

  /// The reasons for which snapshots are kept, by their hosts and instants: of several of one
  /// instant either program takes whichever comes first.
  private static Map<String, List<String>> reasons(String json) {
    Map<String, List<String>> reasons = new TreeMap<>();
    Matcher matcher = REASON.matcher(json);
    while (matcher.find()) {
      String key = matcher.group(2) + " " + OffsetDateTime.parse(matcher.group(1)).toInstant();
      reasons.computeIfAbsent(key, _ -> new ArrayList<>()).add(matcher.group(4));
    }
    reasons.values().forEach(all -> all.sort(null));
    return reasons;
  }

  private static List<String> ids(String json) {
    List<String> ids = new ArrayList<>();
    Matcher matcher = Pattern.compile("\"short_id\":\"([0-9a-f]{8})\"").matcher(json);
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }
}
