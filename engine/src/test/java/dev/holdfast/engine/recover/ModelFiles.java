package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A file system in memory that forgets in a power cut what was not synced, as decision 013 has it:
/// each change of names since the folders it concerns were synced is kept or lost, each by itself;
/// an append is kept up to any byte unless it returned.
///
/// Names stand for inodes; the content of staged and live files does not matter here. A fault can
/// be planned for any call.
final class ModelFiles implements LiveFiles {
  /// The power goes off.
  static final class PowerCut extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    PowerCut() {
      super("the power went off");
    }
  }

  /// What happens at the call with a certain number.
  enum Fault {
    CUT_BEFORE,
    CUT_AFTER,
    ERROR_BEFORE,
    ERROR_AFTER
  }

  /// A change of names: entries that it removes, and such that it sets.
  private record Change(Set<String> removed, Map<String, Long> set, Set<String> unsynced) {}

  private final RandomGenerator random;
  private final boolean exchanges;
  private final TreeMap<String, Long> names = new TreeMap<>();
  private final Map<String, byte[]> appended = new HashMap<>();
  private TreeMap<String, Long> durable = new TreeMap<>();
  private final List<Change> pending = new ArrayList<>();
  private long nextInode = 100;
  private long calls;
  private int syncs;
  private long faultAt = -1;
  private Fault fault = Fault.CUT_BEFORE;
  private boolean off;

  ModelFiles(RandomGenerator random, boolean exchanges) {
    this.random = random;
    this.exchanges = exchanges;
  }

  /// Makes a file or folder that is durable at once; returns its inode.
  long make(String path) {
    long inode = nextInode++;
    names.put(path, inode);
    durable.put(path, inode);
    return inode;
  }

  /// Makes a file whose name is not durable yet.
  long makeUnsynced(String path) {
    long inode = nextInode++;
    change(Set.of(), Map.of(path, inode), path);
    return inode;
  }

  void planFault(long call, Fault what) {
    calls = 0;
    faultAt = call;
    fault = what;
  }

  long calls() {
    return calls;
  }

  Map<String, Long> names() {
    return new TreeMap<>(names);
  }

  /// What is there when the machine starts again.
  void restart() {
    TreeMap<String, Long> left = new TreeMap<>(durable);
    for (Change change : pending) {
      if (random.nextBoolean()) {
        change.removed().forEach(left::remove);
        left.putAll(change.set());
      }
    }
    pending.clear();
    left.keySet().removeIf(name -> isLost(name, left));
    names.clear();
    names.putAll(left);
    durable = left;
    off = false;
    faultAt = -1;
  }

  /// The process was killed, and the machine goes on: nothing is lost yet.
  void goOn() {
    off = false;
    faultAt = -1;
  }

  /// What was in a folder that is not there.
  private static boolean isLost(String name, Map<String, Long> left) {
    String folder = name.substring(0, name.lastIndexOf('/'));
    return folder.contains("/.holdfast-") && !left.containsKey(folder);
  }

  /// One call of the layer.
  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T call(Call<T> call) throws IOException {
    if (off) {
      throw new PowerCut();
    }
    boolean here = calls++ == faultAt;
    if (here && fault == Fault.CUT_BEFORE) {
      off = true;
      throw new PowerCut();
    }
    if (here && fault == Fault.ERROR_BEFORE) {
      throw new PosixException("model", Errno.ENOSPC, "No space left on device");
    }
    T result = call.run();
    if (here && fault == Fault.CUT_AFTER) {
      off = true;
      throw new PowerCut();
    }
    if (here && fault == Fault.ERROR_AFTER) {
      throw new PosixException("model", Errno.EIO, "Input/output error");
    }
    return result;
  }

  private void change(Set<String> removed, Map<String, Long> set, String... concerned) {
    Set<String> folders = new HashSet<>();
    for (String path : concerned) {
      folders.add(path.substring(0, path.lastIndexOf('/')));
    }
    pending.add(new Change(removed, set, folders));
    removed.forEach(names::remove);
    names.putAll(set);
  }

  @Override
  public OptionalLong inode(String path) throws IOException {
    return call(() -> {
      Long inode = names.get(path);
      return inode == null ? OptionalLong.empty() : OptionalLong.of(inode);
    });
  }

  @Override
  public void rename(String from, String to) throws IOException {
    boolean done =
        call(() -> {
          Long inode = names.get(from);
          if (inode == null || names.containsKey(to)) {
            throw new PosixException("rename", inode == null ? Errno.ENOENT : Errno.EEXIST, from);
          }
          change(Set.of(from), Map.of(to, inode), from, to);
          return true;
        });
    assert done;
  }

  @Override
  public boolean exchange(String one, String other) throws IOException {
    return call(() -> {
      Long first = names.get(one);
      Long second = names.get(other);
      if (!exchanges) {
        return false;
      }
      if (first == null || second == null) {
        throw new PosixException("exchange", Errno.ENOENT, one);
      }
      change(Set.of(), Map.of(one, second, other, first), one, other);
      return true;
    });
  }

  @Override
  public void sync(Collection<String> paths) throws IOException {
    boolean done =
        call(() -> {
          syncs++;
          paths.forEach(this::settle);
          return true;
        });
    assert done;
  }

  private void settle(String folder) {
    List<Change> still = new ArrayList<>();
    for (Change change : pending) {
      change.unsynced().remove(folder);
      if (change.unsynced().isEmpty()) {
        change.removed().forEach(durable::remove);
        durable.putAll(change.set());
      } else {
        still.add(change);
      }
    }
    pending.clear();
    pending.addAll(still);
  }

  /// How often something was synced, however much at once.
  int syncs() {
    return syncs;
  }

  @Override
  public void makeFolder(String path) throws IOException {
    boolean done =
        call(() -> {
          if (!names.containsKey(path)) {
            change(Set.of(), Map.of(path, nextInode++), path);
          }
          return true;
        });
    assert done;
  }

  @Override
  public void removeEmptyFolder(String path) throws IOException {
    boolean done =
        call(() -> {
          boolean empty = names.keySet().stream().noneMatch(name -> name.startsWith(path + "/"));
          if (empty && names.containsKey(path)) {
            change(Set.of(path), Map.of(), path);
          }
          return true;
        });
    assert done;
  }

  @Override
  public void removeTree(String path) throws IOException {
    boolean done =
        call(() -> {
          Set<String> all = new HashSet<>();
          for (String name : names.keySet()) {
            if (name.equals(path) || name.startsWith(path + "/")) {
              all.add(name);
            }
          }
          if (!all.isEmpty()) {
            change(all, Map.of(), path);
          }
          return true;
        });
    assert done;
  }

  @Override
  public void append(String file, byte[] bytes) throws IOException {
    boolean wasOff = off;
    try {
      boolean done =
          call(() -> {
            put(file, bytes, bytes.length);
            return true;
          });
      assert done;
    } catch (PowerCut e) {
      if (!wasOff && fault == Fault.CUT_BEFORE) {
        put(file, bytes, random.nextInt(bytes.length));
      }
      throw e;
    }
  }

  private void put(String file, byte[] bytes, int length) {
    byte[] old = appended.getOrDefault(file, new byte[0]);
    byte[] both = new byte[old.length + length];
    System.arraycopy(old, 0, both, 0, old.length);
    System.arraycopy(bytes, 0, both, old.length, length);
    appended.put(file, both);
  }

  @Override
  public byte[] read(String file) throws IOException {
    return call(() -> appended.getOrDefault(file, new byte[0]).clone());
  }
}
