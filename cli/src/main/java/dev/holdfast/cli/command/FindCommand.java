package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.ObjectFinder;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "find", description = "Find files in snapshots, or what uses an object")
final class FindCommand implements Callable<Integer> {
  private static final int SHORT_ID_DIGITS = 8;

  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(
      names = {"-O", "--oldest"},
      paramLabel = "TIME",
      description = "oldest time of modification")
  @Nullable String oldest;

  @Option(
      names = {"-N", "--newest"},
      paramLabel = "TIME",
      description = "newest time of modification")
  @Nullable String newest;

  @Option(
      names = {"-s", "--snapshot"},
      paramLabel = "SNAPSHOT",
      description = "search in this snapshot, repeatable")
  List<String> snapshots = new ArrayList<>();

  @Option(names = "--blob", description = "the patterns are ids of blobs")
  boolean blob;

  @Option(names = "--tree", description = "the patterns are ids of trees")
  boolean tree;

  @Option(names = "--pack", description = "the patterns are ids of packs")
  boolean pack;

  @Option(names = "--show-pack-id", description = "with --blob or --tree: show the pack")
  boolean showPack;

  @Option(
      names = {"-i", "--ignore-case"},
      description = "upper and lower case are equal")
  boolean ignoreCase;

  @Option(
      names = {"-R", "--reverse"},
      description = "oldest snapshot first")
  boolean reverse;

  @Option(
      names = {"-l", "--long"},
      description = "show size, mode, owner and time")
  boolean longFormat;

  @Option(names = "--human-readable", description = "sizes in units")
  boolean humanReadable;

  @Parameters(paramLabel = "PATTERN", arity = "1..*", description = "patterns of paths, or ids")
  List<String> patterns = new ArrayList<>();

  FindCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (Stream.of(blob, tree, pack).filter(on -> on).count() > 1) {
      throw new HoldfastException.Rejected("several kinds of id were given", "give one kind");
    }
    Optional<Instant> from = instant("--oldest", oldest);
    Optional<Instant> to = instant("--newest", newest);
    if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
      throw new HoldfastException.Rejected(
          "--oldest is later than --newest", "give an earlier time for --oldest");
    }
    PathFilter wanted = ignoreCase ? PathFilter.ignoringCase(patterns) : PathFilter.of(patterns);
    FindOutput output = new FindOutput(session, longFormat, humanReadable);
    try (RepositoryAccess access = filter.openForReading(session)) {
      List<SnapshotView> found =
          new Snapshots(access.repository())
              .select(
                  snapshots,
                  filter.filter(session.environment()),
                  cause -> session.console().errorLine("holdfast: " + cause.getMessage()));
      List<SnapshotView> ordered = ordered(found);
      if (blob || tree || pack) {
        findObjects(new ObjectFinder(access.repository()), ordered, output);
      } else {
        Walker walker = new Walker(access.repository());
        ordered.forEach(snapshot -> findEntries(walker, snapshot, wanted, from, to, output));
        output.finish();
      }
    }
    return ExitCode.DONE;
  }

  private List<SnapshotView> ordered(List<SnapshotView> found) {
    Comparator<SnapshotView> byTime = Comparator.comparing(s -> s.time().toInstant());
    return found.stream().sorted(reverse ? byTime : byTime.reversed()).toList();
  }

  private Optional<Instant> instant(String option, @Nullable String text) {
    return Optional.ofNullable(text)
        .map(given -> TimeText.parse(option, given, session.clock()).toInstant());
  }

  private void findEntries(
      Walker walker,
      SnapshotView snapshot,
      PathFilter wanted,
      Optional<Instant> from,
      Optional<Instant> to,
      FindOutput output) {
    walker.walk(
        new SnapshotPath(snapshot, "/"),
        entry -> {
          PathFilter.Match match = wanted.match(entry.path());
          if (match.matched() && isBetween(entry, from, to)) {
            output.entry(snapshot, entry);
          }
          return match.childMayMatch() && !session.console().readerGone();
        });
  }

  private static boolean isBetween(EntryView entry, Optional<Instant> from, Optional<Instant> to) {
    Instant time = entry.modificationTime().toInstant();
    return from.map(first -> !time.isBefore(first)).orElse(true)
        && to.map(last -> !time.isAfter(last)).orElse(true);
  }

  private void findObjects(ObjectFinder finder, List<SnapshotView> ordered, FindOutput output) {
    if (blob) {
      finder.addBlobs(patterns);
    } else if (tree) {
      finder.addTrees(patterns);
    } else {
      patterns.forEach(finder::addPack);
    }
    for (SnapshotView snapshot : ordered) {
      finder.find(snapshot, output::use);
    }
    output.finish();
    if (showPack && !pack) {
      for (String id : patterns) {
        session
            .console()
            .line(
                finder
                    .placeOf(tree ? "tree" : "blob", id)
                    .map(place ->
                        "Object belongs to pack %s\n ... Pack %s: %s"
                            .formatted(
                                place.pack(),
                                place.pack().substring(0, SHORT_ID_DIGITS),
                                place.description()))
                    .orElse("Object " + id + " not found in the index"));
      }
    }
  }
}
