package dev.holdfast.engine.recover.journal;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The folder of all journals, and who works on which: one process at a time on a recovery, one
/// recovery at a time on a path. Locks are the system's and end with their process. Thread-safe.
public final class JournalFolder {
  private static final String JOURNAL = ".jsonl";
  private static final String LOCK = ".lock";
  private static final String DOOR = "folder.lock";
  private static final int PID_DIGITS_MAX = 20;

  private final LiveFiles files;
  private final Path folder;
  private final InstantSource clock;

  /// @param folder made when it is first needed
  public JournalFolder(LiveFiles files, Path folder, InstantSource clock) {
    this.files = files;
    this.folder = folder;
    this.clock = clock;
  }

  /// A journal that nobody else can work on until this is closed.
  public record Held(Journal journal, FileChannel lock, Path lockFile) implements AutoCloseable {
    @Override
    public void close() {
      try {
        if (journal.ending().isPresent()) {
          Files.deleteIfExists(lockFile); // nobody will want it again
        }
        lock.close();
      } catch (IOException e) {
        // The lock ends with the process; the file alone locks nothing.
      }
    }
  }

  /// A recovery, as a journal tells.
  ///
  /// @param holder the process that works on it now, zero if it cannot be told; empty if none does
  public record Listed(Journal journal, Optional<Long> holder) {
    /// Whether it neither ended nor is worked on.
    public boolean isInterrupted() {
      return journal.ending().isEmpty() && holder.isEmpty();
    }

    /// Why nobody else may touch what it replaces, as it has not ended.
    public HoldfastException.Locked busy() {
      Plan plan = journal.plan();
      if (holder.isPresent()) {
        String process = holder.get() == 0 ? "another process" : "process " + holder.get();
        return new HoldfastException.Locked(
            "%s is being recovered by %s".formatted(plan.subject(), process),
            "wait until that recovery has ended; 'holdfast recover status' shows where it is");
      }
      return new HoldfastException.Locked(
          "a recovery of %s was interrupted: %s".formatted(plan.subject(), plan.id()),
          "finish it with 'holdfast recover resume', or undo it with 'holdfast recover rollback'");
    }
  }

  /// Begins the journal of a plan.
  ///
  /// @throws HoldfastException.Locked if another recovery that has not ended replaces any of the
  ///   same paths
  public Held begin(Plan plan) {
    List<String> paths = plan.claims();
    try (FileChannel door = openDoor()) {
      List<Listed> all = list();
      refuseBusy(all, paths);
      long number = 1 + all.stream().mapToLong(it -> it.journal().number()).max().orElse(0);
      Held held =
          hold(
              plan.id(),
              () ->
                  Optional.of(
                      Journal.create(files, file(plan.id()).toString(), clock, plan, number)));
      door.force(false);
      return held;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Takes up a recovery that was interrupted.
  ///
  /// @throws HoldfastException.Locked if a process works on it
  public Held take(String id) {
    try (FileChannel _ = openDoor()) {
      return hold(id, () -> Journal.open(files, file(id).toString(), clock));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Makes sure that no recovery that has not ended replaces any of these paths, or what is in
  /// them.
  ///
  /// @param paths absolute, free of links
  /// @throws HoldfastException.Locked if one does
  public void refuseBusy(Collection<String> paths) {
    refuseBusy(list(), paths);
  }

  private static void refuseBusy(List<Listed> all, Collection<String> paths) {
    for (Listed listed : all) {
      Plan plan = listed.journal().plan();
      if (listed.journal().ending().isEmpty() && overlap(plan, paths)) {
        throw listed.busy();
      }
    }
  }

  /// Makes sure that no recovery has put anything in place of any of these paths, or of what is in
  /// them, but for those that are known.
  ///
  /// @param known what [#known] gave before
  /// @param paths absolute, free of links
  /// @throws HoldfastException.Locked if one has, whatever became of it
  public void refuseRecovered(Set<String> known, Collection<String> paths) {
    for (String id : known()) {
      Optional<Journal> journal =
          known.contains(id) ? Optional.empty() : Journal.open(files, file(id).toString(), clock);
      if (journal.isPresent()
          && journal.get().hasBegun(Step.SWAP)
          && overlap(journal.get().plan(), paths)) {
        throw new HoldfastException.Locked(
            "%s was recovered meanwhile, so that some of this would be of before and some of after"
                .formatted(OsString.display(journal.get().plan().subject())),
            "run it again");
      }
    }
  }

  /// Makes sure that no recovery that has not ended replaces databases on servers of an app: while
  /// one does, they may not even be connected to. One that makes them on another server does not.
  ///
  /// @throws HoldfastException.Locked if one does
  public void refuseBusyServers(String app) {
    for (Listed listed : list()) {
      Plan plan = listed.journal().plan();
      if (listed.journal().ending().isEmpty()
          && plan.app().equals(Optional.of(app))
          && plan.databases().stream().anyMatch(it -> it.server().source().isPresent())) {
        throw listed.busy();
      }
    }
  }

  private static boolean overlap(Plan plan, Collection<String> paths) {
    return plan.claims().stream()
        .anyMatch(live ->
            paths.stream()
                .anyMatch(path -> Paths.isWithin(path, live) || Paths.isWithin(live, path)));
  }

  /// All recoveries, oldest first. Those that ended before they had a plan are none.
  ///
  /// @throws HoldfastException if one of the journals cannot be read: whose it is, is not known
  public List<Listed> list() {
    return list(unreadable -> {
      throw unreadable;
    });
  }

  /// All recoveries whose journals can be read, oldest first.
  ///
  /// @param unreadable is told of each that cannot
  public List<Listed> list(Consumer<HoldfastException> unreadable) {
    List<Listed> listed = new ArrayList<>();
    for (String id : ids()) {
      try {
        Journal.open(files, file(id).toString(), clock)
            .ifPresent(journal -> listed.add(new Listed(journal, holder(journal, id))));
      } catch (HoldfastException e) {
        unreadable.accept(e);
      }
    }
    listed.sort(
        Comparator.comparingLong((Listed one) -> one.journal().number())
            .thenComparing(one -> one.journal().plan().made())
            .thenComparing(one -> one.journal().plan().id()));
    return listed;
  }

  /// The ids of all recoveries, in no order; none if this user, whose home may be no folder at all,
  /// can have made none.
  public Set<String> known() {
    return Files.isDirectory(folder) ? ids() : Set.of();
  }

  private Set<String> ids() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.endsWith(JOURNAL))
          .map(name -> name.substring(0, name.length() - JOURNAL.length()))
          .collect(Collectors.toSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Optional<Long> holder(Journal journal, String id) {
    if (journal.ending().isPresent()) {
      return Optional.empty();
    }
    Path lockFile = lockFile(id);
    try (FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock lock = channel.tryLock();
      return lock == null ? Optional.of(pidIn(channel)) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.of(ProcessHandle.current().pid());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static long pidIn(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PID_DIGITS_MAX);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Makes or reads a journal once its lock is held.
  private interface Making {
    Optional<Journal> make();
  }

  private Held hold(String id, Making making) throws IOException {
    Path lockFile = lockFile(id);
    FileChannel channel =
        FileChannel.open(
            lockFile,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean held = false;
    try {
      if (!lock(channel)) {
        throw new HoldfastException.Locked(
            "recovery " + id + " is being worked on by process " + pidIn(channel),
            "wait until it has ended");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      Journal journal =
          making
              .make()
              .orElseThrow(() ->
                  new HoldfastException.NotFound(
                      "there is no recovery " + id, "'holdfast recover status' shows them"));
      held = true;
      return new Held(journal, channel, lockFile);
    } finally {
      if (!held) {
        channel.close();
      }
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /// Waits until nobody else begins or takes up a recovery.
  private FileChannel openDoor() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel door =
        FileChannel.open(folder.resolve(DOOR), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    try {
      door.lock();
      return door;
    } catch (OverlappingFileLockException e) {
      door.close();
      throw new HoldfastException.Locked("another recovery is just beginning", "try again");
    } catch (IOException | RuntimeException e) {
      door.close();
      throw e;
    }
  }

  private Path file(String id) {
    return inFolder(id, JOURNAL);
  }

  private Path lockFile(String id) {
    return inFolder(id, LOCK);
  }

  private Path inFolder(String id, String suffix) {
    if (!id.matches("[0-9A-Za-z-]+")) {
      throw new HoldfastException.Rejected("'" + id + "' is not the id of a recovery", "");
    }
    return folder.resolve(id + suffix);
  }

  private HoldfastException failed(IOException e) {
    return new HoldfastException.InputOutput(
        "the journals of recoveries in " + folder + " cannot be used: " + Reason.of(e),
        "see that the folder can be written to, or name another place for it by XDG_STATE_HOME",
        e);
  }
}
