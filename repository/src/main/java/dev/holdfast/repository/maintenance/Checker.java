package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.IdTable;
import dev.holdfast.repository.key.Keyring;
import dev.holdfast.repository.maintenance.CheckEvent.Stage;
import dev.holdfast.repository.parallel.Workers;
import dev.holdfast.repository.record.RecordId;
import dev.holdfast.repository.record.Records;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Looks for damage in a repository, as restic's `check`, goes on after each finding, and says what
/// the damage means for which snapshots and files.
///
/// The steps: config, keys, locks and records of Holdfast's own; every index file; packs in the
/// store against packs in the index; snapshots; every tree, and that all content is indexed; with
/// [ReadData], every byte of packs. Memory: the index, 55 bytes for each tree and pack, and a
/// window of a pack for each worker. The caller holds an exclusive lock, or accepts that what
/// others write or remove meanwhile is reported.
public final class Checker {
  private final Repository repository;
  private final SecureRandom random;

  public Checker(Repository repository, SecureRandom random) {
    this.repository = repository;
    this.random = random;
  }

  /// Checks the repository.
  ///
  /// @param observer called for each event, one at a time, from several threads
  /// @throws HoldfastException if the store cannot even be listed, or the thread is interrupted
  public CheckReport check(CheckOptions options, Consumer<CheckEvent> observer) {
    return new Run(options, observer).run();
  }

  /// One check from start to end.
  private final class Run {
    private final CheckOptions options;
    private final Findings findings;
    private final Damage damage = new Damage();
    private final IdTable knownTrees = new IdTable();
    private final TreeQueue trees = new TreeQueue(id -> knownTrees.add(id.hash()));
    private final List<StoredSnapshot> snapshots = new ArrayList<>();
    private final Map<Integer, SnapshotId> unreadableSnapshots = new HashMap<>();
    private final IdTable usedBlobs = new IdTable();
    private long packsRead;
    private long bytesRead;

    Run(CheckOptions options, Consumer<CheckEvent> observer) {
      this.options = options;
      findings = new Findings(observer);
    }

    CheckReport run() {
      // Before the index: a snapshot that comes later may need packs that the index lacks.
      List<ObjectKey> snapshotFiles = keys(ObjectType.SNAPSHOT);
      checkSmallFiles();
      BlobIndex index = checkIndex();
      PackCheck packs = checkPacks(index);
      BlobSearch search = new BlobSearch(repository, index, findings);
      checkSnapshots(snapshotFiles);
      checkTrees(search);
      readPacks(packs, search);
      List<CheckReport.Entry> entries = findEffects(search);
      return new CheckReport(
          entries,
          findings.errors(),
          findings.hints(),
          snapshots.size(),
          knownTrees.size(),
          index.packCount(),
          packsRead,
          bytesRead,
          options.countUnused() ? countUnused(index) : -1);
    }

    private List<ObjectKey> keys(ObjectType type) {
      List<ObjectKey> keys = new ArrayList<>();
      repository.store().list(type, each -> keys.add(each.key()));
      return keys;
    }

    private void checkSmallFiles() {
      List<ObjectKey> keyFiles = keys(ObjectType.KEY);
      List<ObjectKey> locks = keys(ObjectType.LOCK);
      List<ObjectKey> recordFiles = keys(ObjectType.RECORD);
      findings.begin(Stage.FILES, 1L + keyFiles.size() + locks.size() + recordFiles.size());
      attempt(ObjectKey.CONFIG, Severity.ERROR, () -> repository.files().load(ObjectKey.CONFIG));
      for (ObjectKey key : keyFiles) {
        attempt(key, Severity.HINT, () -> Keyring.read(repository.store(), new KeyId(key.hash())));
      }
      for (ObjectKey lock : locks) {
        attempt(lock, Severity.HINT, () -> repository.files().load(lock));
      }
      recordFiles.forEach(file -> checkRecord(new RecordId(file.hash())));
    }

    /// One that vanished since the listing was replaced by a purge that goes on.
    private void checkRecord(RecordId record) {
      try {
        new Records(repository).verify(record);
      } catch (HoldfastException.Cancelled cancelled) {
        throw cancelled;
      } catch (HoldfastException.NotFound gone) {
        return;
      } catch (HoldfastException e) {
        Severity severity =
            e instanceof HoldfastException.Unsupported ? Severity.HINT : Severity.ERROR;
        findings.add(
            new Finding.RecordDamaged(record, severity, "cannot be read: " + e.getMessage()));
      } finally {
        findings.advance();
      }
    }

    /// Returns the number of the finding, or [Findings#NOT_KEPT] if all is well.
    private int attempt(ObjectKey file, Severity severity, Runnable reading) {
      try {
        reading.run();
        return Findings.NOT_KEPT;
      } catch (HoldfastException.Cancelled cancelled) {
        throw cancelled;
      } catch (HoldfastException e) {
        return findings.add(
            new Finding.FileDamaged(file, severity, "cannot be read: " + e.getMessage()));
      } finally {
        findings.advance();
      }
    }

    private BlobIndex checkIndex() {
      List<ObjectKey> files = keys(ObjectType.INDEX);
      findings.begin(Stage.INDEX, files.size());
      IndexCheck check = new IndexCheck(repository, findings);
      for (ObjectKey file : files) {
        check.check(file);
        findings.advance();
      }
      return check.index();
    }

    private PackCheck checkPacks(BlobIndex index) {
      findings.begin(Stage.PACKS, index.packCount());
      PackCheck check = new PackCheck(index, findings, damage);
      repository.store().list(ObjectType.PACK, check::found);
      check.check();
      return check;
    }

    private void checkSnapshots(List<ObjectKey> files) {
      findings.begin(Stage.SNAPSHOTS, files.size());
      for (ObjectKey file : files) {
        SnapshotId id = new SnapshotId(file.hash());
        int finding =
            attempt(
                file,
                Severity.ERROR,
                () -> snapshots.add(new StoredSnapshot(id, repository.loadSnapshot(id))));
        unreadableSnapshots.put(finding, id);
      }
    }

    private void checkTrees(BlobSearch search) {
      findings.begin(Stage.TREES, -1);
      BlobIds.Builder roots = new BlobIds.Builder(snapshots.size());
      snapshots.forEach(snapshot -> roots.add(snapshot.snapshot().tree()));
      trees.add(roots.build());
      Consumer<BlobIds> used =
          content -> {
            if (options.countUnused()) {
              content.forEach(id -> usedBlobs.add(id.hash()));
            }
          };
      TreeCheck check = new TreeCheck(search, findings, damage, trees, used);
      Workers.run(options.workers(), check::run);
    }

    private void readPacks(PackCheck packs, BlobSearch search) {
      List<ReadData.StoredPack> chosen =
          options.readData().choose(packs.readable(), new Random(random.nextLong()));
      if (chosen.isEmpty()) {
        return;
      }
      findings.begin(Stage.DATA, chosen.size());
      Queue<ReadData.StoredPack> queue = new ConcurrentLinkedQueue<>(chosen);
      Workers.run(Math.min(options.workers(), chosen.size()), () -> readPacks(queue, search));
      packsRead = chosen.size();
      bytesRead = chosen.stream().mapToLong(ReadData.StoredPack::lengthBytes).sum();
    }

    private void readPacks(Queue<ReadData.StoredPack> queue, BlobSearch search) {
      try (PackVerifier verifier = new PackVerifier(repository, search, findings, damage, random)) {
        for (ReadData.StoredPack pack = queue.poll(); pack != null; pack = queue.poll()) {
          if (Thread.interrupted()) {
            throw new HoldfastException.Cancelled("the check was interrupted");
          }
          verifier.verify(pack);
          findings.advance();
        }
      }
    }

    private List<CheckReport.Entry> findEffects(BlobSearch search) {
      EffectFinder finder = new EffectFinder(search, damage);
      List<Finding> found = findings.kept();
      if (!damage.isEmpty()) {
        findings.begin(Stage.EFFECTS, snapshots.size());
        for (StoredSnapshot snapshot : snapshots) {
          finder.walk(snapshot);
          findings.advance();
        }
      }
      List<CheckReport.Entry> entries = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        SnapshotId lost = unreadableSnapshots.get(i);
        Effect effect =
            lost == null ? finder.effect(i) : new Effect(List.of(lost), 1, List.of("/"), 1, true);
        entries.add(new CheckReport.Entry(found.get(i), effect));
      }
      return entries;
    }

    private long countUnused(BlobIndex index) {
      IdTable counted = new IdTable();
      index.forEachPack(pack ->
          index
              .blobsOf(pack)
              .forEach(blob -> {
                if (!isUsed(blob.handle())) {
                  counted.add(blob.handle().id().hash());
                }
              }));
      return counted.size();
    }

    private boolean isUsed(BlobHandle handle) {
      return handle.type() == BlobType.TREE
          ? knownTrees.contains(handle.id().hash())
          : usedBlobs.contains(handle.id().hash());
    }
  }
}
