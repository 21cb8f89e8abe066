package dev.holdfast.repository.restore;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.PackReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Carries blobs from packs to files: one task after the other, until the queue is empty. One
/// thread only; several of these work on one queue.
final class ContentRestorer {
  /// Bounds the bytes of a pack that a worker asks for at once, and evens out the work between
  /// workers. A single larger blob is still read.
  static final int MAX_TASK_BYTES = 4 << 20;

  /// A part of one pack's placements, by ascending offset in the pack; blobs do not overlap.
  record Task(Placements placements, Group group, int from, int to) {}

  /// The placements of one pack.
  static final class Group {
    private final int[] placements;

    Group(int[] placements) {
      this.placements = placements;
    }
  }

  private final Repository repository;
  private final FileWriter writer;
  private final Reporter reporter;

  ContentRestorer(Repository repository, FileWriter writer, Reporter reporter) {
    this.repository = repository;
    this.writer = writer;
    this.reporter = reporter;
  }

  /// Cuts the placements of a pass into tasks, in the order in which packs are to be read.
  static List<Task> tasks(Placements placements) {
    List<Task> tasks = new ArrayList<>();
    for (int[] placementsOfPack : placements.byPack()) {
      Group group = new Group(placementsOfPack);
      int from = 0;
      long bytes = 0;
      for (int i = 1; i < placementsOfPack.length; i++) {
        int before = placementsOfPack[i - 1];
        int here = placementsOfPack[i];
        boolean same = isSameBlob(placements, before, here);
        bytes += same ? 0 : placements.storedLength(before);
        // A damaged index may have overlapping blobs; each is then read for itself and refused.
        boolean overlaps =
            !same
                && placements.packOffset(before) + placements.storedLength(before)
                    > placements.packOffset(here);
        if (overlaps || (bytes >= MAX_TASK_BYTES && !same)) {
          tasks.add(new Task(placements, group, from, i));
          from = i;
          bytes = 0;
        }
      }
      tasks.add(new Task(placements, group, from, placementsOfPack.length));
    }
    return tasks;
  }

  private static boolean isSameBlob(Placements placements, int first, int second) {
    return placements.packOffset(first) == placements.packOffset(second)
        && placements.isSameId(first, second);
  }

  /// Works until no task is left or this thread is interrupted.
  void run(Queue<Task> tasks) {
    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
      if (Thread.interrupted()) {
        throw new HoldfastException.Cancelled("the restore was interrupted");
      }
      run(task);
    }
  }

  private void run(Task task) {
    Placements placements = task.placements();
    int[] sorted = task.group().placements;
    PackId pack = placements.packOf(sorted[task.from()]);
    List<PackedBlob> blobs = new ArrayList<>();
    for (int i = task.from(); i < task.to(); i++) {
      if (i == task.from() || !isSameBlob(placements, sorted[i - 1], sorted[i])) {
        blobs.add(placements.packedBlob(sorted[i]));
      }
    }
    Delivery delivery = new Delivery(task, pack);
    repository.packs().readBlobs(pack, blobs, delivery);
    delivery.end();
  }

  /// Takes the blobs of one task in order and hands each to all its places.
  private final class Delivery implements PackReader.BlobVisitor {
    private final Placements placements;
    private final int[] sorted;
    private final int to;
    private final PackId pack;
    private int next;
    private long written;

    Delivery(Task task, PackId pack) {
      placements = task.placements();
      sorted = task.group().placements;
      next = task.from();
      to = task.to();
      this.pack = pack;
    }

    @Override
    public void blob(PackedBlob blob, byte[] plain, int lengthBytes) {
      int first = sorted[next];
      do {
        PlannedFile file = placements.file(sorted[next]);
        writer.write(file, placements.fileOffset(sorted[next]), plain, lengthBytes);
        writer.settle(file);
        written += lengthBytes;
        next++;
      } while (next < to && isSameBlob(placements, first, sorted[next]));
    }

    @Override
    public void damaged(PackedBlob blob, HoldfastException cause) {
      if (cause instanceof HoldfastException.Cancelled cancelled) {
        throw cancelled;
      }
      byte[] copy = readElsewhere(blob.handle());
      if (copy != null) {
        blob(blob, copy, copy.length);
        return;
      }
      int first = sorted[next];
      do {
        PlannedFile file = placements.file(sorted[next]);
        file.markDamaged(String.valueOf(cause.getMessage()));
        writer.settle(file);
        next++;
      } while (next < to && isSameBlob(placements, first, sorted[next]));
    }

    /// Another copy of a damaged blob, or null if there is no good one.
    private byte @Nullable [] readElsewhere(BlobHandle handle) {
      for (BlobLocation other : repository.index().findAll(handle)) {
        byte[] copy = other.pack().equals(pack) ? null : readOrNull(other);
        if (copy != null) {
          return copy;
        }
      }
      return null;
    }

    private byte @Nullable [] readOrNull(BlobLocation location) {
      try {
        return repository.packs().readBlob(location.pack(), location.blob());
      } catch (HoldfastException.Cancelled cancelled) {
        throw cancelled;
      } catch (HoldfastException alsoDamaged) {
        return null;
      }
    }

    void end() {
      if (next != to) {
        throw new IllegalStateException("the reader left out " + (to - next) + " blobs");
      }
      reporter.written(written);
    }
  }
}
