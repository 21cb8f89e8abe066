package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.service.Occupant;
import dev.holdfast.engine.recover.service.OpenFiles;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Replaces a database file, an ordinary file or a folder by a change of names.
public final class FileReplacer implements Replacer {
  private static final String INODE = "inode";

  private final Replacement it;
  private final LiveFiles files;
  private final Stager stager;
  private final StageCheck check;
  private final Optional<DatabaseRecovery> database;

  /// @param check of what was staged
  /// @param database the engine, if it is a database
  public FileReplacer(
      Replacement replacement,
      LiveFiles files,
      Stager stager,
      StageCheck check,
      Optional<DatabaseRecovery> database) {
    this.it = replacement;
    this.files = files;
    this.stager = stager;
    this.check = check;
    this.database = database;
  }

  /// Checks a staged state.
  @FunctionalInterface
  public interface StageCheck {
    /// Returns if it is whole.
    ///
    /// @throws HoldfastException if it is not
    void check(Replacement replacement);
  }

  @Override
  public void validate() {
    attempt(
        "be replaced",
        () -> {
          long now = files.inode(it.live()).orElse(0);
          if (now != it.liveInode()) {
            throw new HoldfastException.Rejected(
                OsString.display(it.live()) + " was replaced since the plan was made",
                "run it again");
          }
          if (it.newFolders().isEmpty()) {
            files.makeFolder(it.stageFolder());
            try {
              stager.validate(it);
            } finally {
              files.removeEmptyFolder(it.stageFolder());
            }
          }
        });
  }

  @Override
  public Set<String> folders() {
    Set<String> folders = new HashSet<>();
    folders.add(it.folder());
    folders.add(it.stageFolder());
    folders.add(Replacement.folderOf(it.staged()));
    it.newFolders().forEach(folder -> folders.add(Replacement.folderOf(folder)));
    return folders;
  }

  @Override
  public Set<String> stagedFiles() {
    Set<String> staged = new HashSet<>();
    staged.add(it.staged());
    it.suffixes().forEach(suffix -> staged.add(it.staged() + suffix));
    return staged;
  }

  @Override
  public void makeRoom() {
    if (it.bringsSomething()) {
      attempt(
          "be staged",
          () -> {
            for (String folder : it.newFolders()) {
              NewFolders.make(files, folder);
            }
            files.makeFolder(it.stageFolder());
          });
    }
  }

  @Override
  public Map<String, String> stage() {
    if (!it.bringsSomething()) {
      return Map.of();
    }
    return get(
        "be staged",
        () -> {
          stager.stage(it);
          OptionalLong inode = files.inode(it.staged());
          return Map.of(
              INODE,
              Long.toString(inode.orElseThrow(() -> new IOException("it is not in the snapshot"))));
        });
  }

  /// [#makeRoom] and [#stage].
  public Map<String, String> stageInScratch() {
    makeRoom();
    return stage();
  }

  /// All turns of [#swap] and [#tidy], where nothing has to outlive a power cut.
  public void swapInScratch(Map<String, String> facts) {
    boolean more = true;
    while (more) {
      more = swap(facts);
    }
    boolean _ = tidy();
  }

  @Override
  public void verify() {
    if (it.bringsSomething()) {
      check.check(it);
    }
  }

  @Override
  public List<Occupant> occupants(OpenFiles open) {
    if (it.kind() == Replacement.Kind.FOLDER) {
      return open.writersIn(it.live());
    }
    if (it.kind() == Replacement.Kind.FILE) {
      return open.writersOf(it.live());
    }
    List<Occupant> occupants = new ArrayList<>(open.ofFile(it.live()));
    it.suffixes().forEach(suffix -> occupants.addAll(open.ofFile(it.live() + suffix)));
    if (occupants.isEmpty() && it.liveInode() != 0) {
      database
          .flatMap(engine -> engine.lockHolder(it.live()))
          .ifPresent(pid -> occupants.add(new Occupant(pid, OpenFiles.program(pid), it.live())));
    }
    return occupants.stream().distinct().toList();
  }

  @Override
  public void settle() {
    if (it.liveInode() != 0) {
      database.ifPresent(engine -> engine.settle(it.live()));
    }
  }

  @Override
  public boolean swap(Map<String, String> facts) {
    return get("be put in place", () -> new FileSwap(files, it, staged(facts)).swap());
  }

  @Override
  public boolean unswap(Map<String, String> facts) {
    return get("be put back", () -> new FileSwap(files, it, staged(facts)).unswap());
  }

  private long staged(Map<String, String> facts) {
    if (!it.bringsSomething()) {
      return 0;
    }
    String inode = facts.get(INODE);
    if (inode == null) {
      throw new HoldfastException.Corrupt(
          "the journal does not say what was staged for " + OsString.display(it.live()), "", null);
    }
    return Long.parseLong(inode);
  }

  @Override
  public boolean discard() {
    return get(
        "be cleaned up after",
        () ->
            files.inode(it.folder()).isPresent()
                && ((it.bringsSomething() ? stager.unstage(it) : removeStage())
                    || removeNewFolders()));
  }

  private boolean removeNewFolders() throws IOException {
    boolean removed = false;
    for (String folder : it.newFolders().reversed()) {
      if (files.inode(folder).isPresent()) {
        files.removeEmptyFolder(folder);
        removed |= files.inode(folder).isEmpty();
      }
    }
    return removed;
  }

  @Override
  public boolean tidy() {
    return get("be cleaned up after", this::removeStage);
  }

  private boolean removeStage() throws IOException {
    boolean isThere = files.inode(it.stageFolder()).isPresent();
    files.removeTree(it.stageFolder());
    return isThere;
  }

  /// Some file operations.
  private interface Work<T> {
    T run() throws IOException;
  }

  /// Some file operations without a result.
  private interface Action {
    void run() throws IOException;
  }

  private void attempt(String what, Action action) {
    boolean done =
        get(
            what,
            () -> {
              action.run();
              return true;
            });
    assert done;
  }

  private <T> T get(String what, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "%s cannot %s: %s".formatted(OsString.display(it.live()), what, Reason.of(e)),
          hint(e),
          e);
    }
  }

  private static String hint(IOException e) {
    if (!(e instanceof PosixException posix)) {
      return "";
    }
    return switch (posix.errno()) {
      case Errno.ENOSPC, Errno.EDQUOT -> "make room on that file system";
      case Errno.EACCES, Errno.EPERM ->
          "run it as a user who may write to the folder that it lies in";
      case Errno.EROFS ->
          "it is mounted read-only here: recover it where it can be written to, or mount it so";
      case Errno.EBUSY ->
          "it is a mount point: recover it where it is mounted from, or the folder inside it";
      default -> "";
    };
  }
}
