package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ls", description = "List the files of a snapshot")
final class LsCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(
      names = {"-l", "--long"},
      description = "show size, mode, owner and time")
  boolean longFormat;

  @Option(names = "--recursive", description = "with folders given: all that is in them")
  boolean recursive;

  @Option(names = "--human-readable", description = "sizes in units")
  boolean humanReadable;

  @Option(
      names = {"-s", "--sort"},
      paramLabel = "BY",
      description = "name (default), size, time (or mtime), atime, ctime or extension")
  String sort = "name";

  @Option(names = "--reverse", description = "the other way round")
  boolean reverse;

  @Parameters(
      paramLabel = "SNAPSHOT [FOLDER...]",
      arity = "1..*",
      description = "a snapshot's id, or latest, or ID:FOLDER; and folders to list, from /")
  List<String> words = new ArrayList<>();

  LsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<String> folders = new ArrayList<>();
    for (String folder : words.subList(1, words.size())) {
      if (!folder.startsWith("/")) {
        throw new HoldfastException.Rejected(
            "the folder '" + folder + "' does not start with '/'", "give it from the root");
      }
      folders.add(Paths.clean(folder));
    }
    Comparator<EntryView> order = order();
    try (RepositoryAccess access = filter.openForReading(session)) {
      SnapshotPath start =
          new Snapshots(access.repository())
              .find(words.getFirst(), filter.filter(session.environment()));
      Walker walker = new Walker(access.repository());
      announce(start.snapshot(), folders);
      if (sort.equals("name") && !reverse) {
        list(walker, start, folders, this::print);
      } else {
        List<EntryView> entries = new ArrayList<>();
        list(walker, start, folders, entries::add);
        entries.sort(order);
        entries.forEach(this::print);
      }
    }
    return ExitCode.DONE;
  }

  private Comparator<EntryView> order() {
    Comparator<EntryView> byPath = Comparator.comparing(EntryView::path);
    Comparator<EntryView> order =
        switch (sort) {
          case "name" -> byPath;
          case "size" -> Comparator.comparingLong(EntryView::sizeBytes);
          case "time", "mtime" -> Comparator.comparing(e -> e.modificationTime().toInstant());
          case "atime" -> Comparator.comparing(e -> e.accessTime().toInstant());
          case "ctime" -> Comparator.comparing(e -> e.changeTime().toInstant());
          case "extension" -> Comparator.comparing(LsCommand::extension);
          default ->
              throw new HoldfastException.Rejected(
                  "files cannot be sorted by '" + sort + "'",
                  "the words are name, size, time, atime, ctime and extension");
        };
    Comparator<EntryView> whole = order.thenComparing(byPath);
    return reverse ? whole.reversed() : whole;
  }

  private static String extension(EntryView entry) {
    String name = entry.name();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot);
  }

  private void list(
      Walker walker, SnapshotPath start, List<String> folders, Consumer<EntryView> each) {
    walker.walk(
        start,
        entry -> {
          boolean within =
              folders.isEmpty()
                  || folders.stream().anyMatch(folder -> Paths.isWithin(folder, entry.path()));
          if (within) {
            each.accept(entry);
          }
          boolean approaching =
              folders.isEmpty()
                  || folders.stream().anyMatch(folder -> Paths.isWithin(entry.path(), folder));
          return !session.console().readerGone() && ((within && recursive) || approaching);
        });
  }

  private void announce(SnapshotView snapshot, List<String> folders) {
    if (session.globals().json()) {
      session.console().line(SnapshotJson.announced(snapshot));
    } else if (!session.globals().quiet()) {
      session
          .console()
          .line(
              "%s filtered by [%s]:"
                  .formatted(SnapshotText.of(snapshot), String.join(" ", folders)));
    }
  }

  private void print(EntryView entry) {
    String line;
    if (session.globals().json()) {
      line = EntryText.json(entry);
    } else if (longFormat) {
      line = EntryText.longLine(entry, humanReadable, session.clock());
    } else {
      line = entry.path();
    }
    session.console().line(line);
  }
}
