package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import dev.holdfast.repository.store.DistantFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Exports of databases where nothing can be renamed, in the same layout as in a folder.
///
/// What cannot appear at once appears in an order: a sign that a run is under way, the data, the
/// scripts without which nobody takes a folder for an export, and what each folder says of itself,
/// that of `shared` last; then the sign goes. Whoever knows the sign, and the list of what was
/// exported together, never takes a part for the whole; whoever does not finds the scripts missing.
final class DistantExports {
  /// A run that takes longer than this is taken for dead, and what it left is removed.
  static final Duration RUN_MAX = Duration.ofDays(1);

  private final DistantFolder folder;
  private final Set<String> scripts;
  private final ExportObserver observer;
  private final Path scratch;

  /// @param scratch for files that are read or written on the way
  DistantExports(
      DistantFolder folder, List<DatabaseEngine> engines, Path scratch, ExportObserver observer) {
    this.folder = folder;
    this.scripts =
        engines.stream()
            .flatMap(engine -> engine.exporting().stream())
            .flatMap(engine -> engine.marks().stream())
            .collect(Collectors.toUnmodifiableSet());
    this.scratch = scratch;
    this.observer = observer;
  }

  /// Everything that is there now.
  DistantListing list() {
    return DistantListing.of(folder);
  }

  /// Refuses a time at which something was exported already.
  void requireNew(String timestamp) {
    if (list().runs().containsKey(timestamp)) {
      throw new HoldfastException.AlreadyExists(
          "'%s' has an export of %s already".formatted(folder.location(), timestamp),
          "remove it, or wait a second");
    }
  }

  /// Sends the exports of a run, which lie in a folder of this machine. What was sent is removed
  /// again if that fails.
  ///
  /// @return what appeared, in the order in which it did
  List<String> publish(Path root, String timestamp) throws IOException {
    List<String> places = new ArrayList<>(ExportTarget.places(root));
    places.sort(Collections.reverseOrder()); // what all share comes last
    String sign = DistantListing.sign(timestamp);
    List<String> sent = new ArrayList<>();
    try {
      sent.add(sign);
      putSign(sign);
      for (Stage stage : Stage.values()) {
        for (String place : places) {
          send(root, place + "/" + timestamp, stage, sent);
        }
      }
      folder.delete(sign);
    } catch (IOException | RuntimeException | Error e) {
      takeBack(sent, e);
      throw e;
    }
    return places.stream()
        .map(place -> "%s/%s/%s".formatted(folder.location(), place, timestamp))
        .toList();
  }

  private void putSign(String sign) throws IOException {
    Path empty = scratch.resolve(sign);
    Files.deleteIfExists(empty);
    folder.put(sign, Files.createFile(empty));
  }

  /// What goes when.
  private enum Stage {
    DATA,
    SCRIPTS,
    LIST
  }

  private Stage stage(String name) {
    if (name.equals(ExportFolder.NAME)) {
      return Stage.LIST;
    }
    return scripts.contains(name) ? Stage.SCRIPTS : Stage.DATA;
  }

  private void send(Path root, String place, Stage stage, List<String> sent) throws IOException {
    for (String name : ExportTarget.names(root.resolve(place))) {
      if (stage(name) == stage) {
        sent.add(place + "/" + name);
        folder.put(place + "/" + name, root.resolve(place).resolve(name));
      }
    }
  }

  /// The sign goes last here too. An interrupt has to wait, or nothing would be taken back.
  private void takeBack(List<String> sent, Throwable reason) {
    boolean interrupted = Thread.interrupted();
    try {
      sent.reversed().forEach(folder::delete);
    } catch (HoldfastException e) {
      reason.addSuppressed(e); // the sign is there still, and a later run removes the rest
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Removes what runs left that are taken for dead.
  void removeRemains(Instant now) throws IOException {
    DistantListing listing = list();
    for (DistantListing.Run run : listing.runs().values()) {
      if (run.sign().isEmpty() || run.sign().get().plus(RUN_MAX).isAfter(now)) {
        continue;
      }
      if (new WholeRun(folder, scripts, scratch).reason(run).isPresent()) {
        observer.on(new ExportEvent.Notice("removed what is left of " + run.timestamp()));
        remove(run);
      } else {
        folder.delete(DistantListing.sign(run.timestamp()));
      }
    }
  }

  /// As [ExportTarget#keep]: counts runs that are whole, and removes older ones of our making.
  ///
  /// @param made the time of the one that was just made
  /// @return what was removed
  List<String> keep(int count, String made) throws IOException {
    TreeMap<String, DistantListing.Run> ours = new TreeMap<>();
    for (DistantListing.Run run : list().runs().values()) {
      if (run.sign().isEmpty() && run.isOurs() && run.timestamp().compareTo(made) <= 0) {
        ours.put(run.timestamp(), run);
      }
    }
    List<String> removed = new ArrayList<>();
    while (ours.size() > count) {
      DistantListing.Run oldest = ours.pollFirstEntry().getValue();
      putSign(DistantListing.sign(oldest.timestamp()));
      remove(oldest);
      oldest
          .places()
          .keySet()
          .forEach(place ->
              removed.add("%s/%s/%s".formatted(folder.location(), place, oldest.timestamp())));
    }
    return removed;
  }

  /// In such an order that what is half removed never looks whole: its sign goes last.
  private void remove(DistantListing.Run run) {
    List<String> names = run.names().sorted((one, two) -> order(one) - order(two)).toList();
    names.forEach(folder::delete);
    folder.delete(DistantListing.sign(run.timestamp()));
  }

  private int order(String name) {
    return switch (stage(name.substring(name.lastIndexOf('/') + 1))) {
      case SCRIPTS -> 0;
      case DATA -> 1;
      case LIST -> 2;
    };
  }

  /// Fetches the exports of one time into a folder of this machine, laid out as they are there.
  ///
  /// @param request which of them, and how much may be fetched
  /// @return the time
  String fetch(ImportRequest request, Path root) throws IOException {
    TreeMap<String, DistantListing.Run> runs = new TreeMap<>(list().runs());
    runs.values().removeIf(run -> run.places().isEmpty());
    if (runs.isEmpty()) {
      throw new HoldfastException.NotFound(
          "'%s' holds no exports: neither shared/ nor tenants/ has one"
              .formatted(folder.location()),
          "check the address");
    }
    DistantListing.Run chosen = choose(request, runs);
    DistantListing.Size size = chosen.size();
    if (size.bytes() > request.limits().bytesMax()
        || size.files() > request.limits().entriesMax()) {
      throw Refusal.tooLarge("it holds more than " + Quantity.bytes(request.limits().bytesMax()));
    }
    observer.on(new ExportEvent.Total(size.bytes()));
    for (DistantFolder.Entry file : chosen.files()) {
      Path target = root.resolve(file.name());
      Files.createDirectories(target.resolveSibling("."));
      folder.get(file.name(), target);
      observer.on(new ExportEvent.Done(file.lengthBytes()));
    }
    return chosen.timestamp();
  }

  private DistantListing.Run choose(
      ImportRequest request, NavigableMap<String, DistantListing.Run> runs) throws IOException {
    WholeRun whole = new WholeRun(folder, scripts, scratch);
    if (request.timestamp().isPresent()) {
      DistantListing.Run wanted = runs.get(request.timestamp().get());
      if (wanted == null) {
        throw new HoldfastException.NotFound(
            "there is no export '%s' in '%s'"
                .formatted(request.timestamp().get(), folder.location()),
            "the newest is " + runs.lastKey());
      }
      whole
          .reason(wanted)
          .ifPresent(reason -> {
            throw Refusal.refused("the export " + wanted.timestamp() + " is not whole: " + reason);
          });
      return wanted;
    }
    ExportChoice choice = new ExportChoice(runs.navigableKeySet(), request.clock().instant());
    for (String each : choice.order()) {
      DistantListing.Run run = Objects.requireNonNull(runs.get(each));
      Optional<String> reason = whole.reason(run);
      if (reason.isEmpty()) {
        choice.tell(each, observer);
        return run;
      }
      observer.on(
          new ExportEvent.Notice(
              "the export %s is not whole, and is passed over: %s"
                  .formatted(run.timestamp(), reason.get())));
    }
    throw Refusal.refused("none of its exports is whole");
  }
}
