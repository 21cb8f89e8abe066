package dev.holdfast.repository.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Keeps records in a repository: sealed, compressed and verified like its snapshots, named by
/// their content, never changed. Thread-safe.
///
/// A record is one line `{"version":1,"kind":"drill"}`, a line feed, and the content, which is
/// UTF-8 and the business of the kind. Records are not referred to by snapshots and refer to no
/// blobs: they need no lock, and `prune` has nothing to do with them.
public final class Records {
  /// The longest content. A record says something about the repository; data belongs into a
  /// snapshot.
  public static final int MAX_CONTENT_BYTES = 4 << 20;

  private static final int VERSION = 1;
  private static final Pattern RECORD =
      Pattern.compile(
          "\\{\"version\":(\\d{1,9}),\"kind\":\"([a-z-]{1,40})\"\\}\n(.*)", Pattern.DOTALL);

  private final Repository repository;

  public Records(Repository repository) {
    this.repository = repository;
  }

  /// Stores a record; durable on return.
  ///
  /// @throws Rejected if it is longer than [#MAX_CONTENT_BYTES]
  public RecordId save(RecordKind kind, String content) {
    byte[] bytes = (firstLine(kind) + content).getBytes(UTF_8);
    if (bytes.length > MAX_CONTENT_BYTES) {
      throw new Rejected(
          "record of kind '%s' has %d bytes".formatted(kind.word(), bytes.length),
          "at most " + MAX_CONTENT_BYTES + " bytes are allowed");
    }
    return new RecordId(repository.files().save(ObjectType.RECORD, bytes).hash());
  }

  /// Every record of a kind. Those of kinds that only a later version knows are passed over, those
  /// that vanish meanwhile too.
  public RecordList list(RecordKind kind) {
    List<RecordId> ids = new ArrayList<>();
    repository.store().list(ObjectType.RECORD, each -> ids.add(new RecordId(each.key().hash())));
    List<StoredRecord> readable = Collections.synchronizedList(new ArrayList<>());
    List<UnreadableRecord> unreadable = Collections.synchronizedList(new ArrayList<>());
    ParallelLoading.forEach(
        ids,
        repository.store().connections(),
        id -> {
          try {
            find(id).filter(found -> found.kind() == kind).ifPresent(readable::add);
          } catch (NotFound e) {
            // Deleted by somebody else since the listing.
          } catch (Cancelled | Transient e) {
            throw e;
          } catch (HoldfastException e) {
            unreadable.add(new UnreadableRecord(id, e));
          }
        });
    return new RecordList(readable, unreadable);
  }

  /// One record.
  ///
  /// @throws NotFound if there is none
  /// @throws Corrupt if it is damaged
  /// @throws Unsupported if only a later version knows what it is
  public StoredRecord load(RecordId id) {
    return find(id)
        .orElseThrow(() ->
            new Unsupported(
                key(id) + " is of a kind that this version does not know",
                "use a newer version of holdfast"));
  }

  /// Reads a record of whatever kind, to see whether it can be.
  ///
  /// @throws Corrupt if it is damaged
  /// @throws Unsupported if a later version wrote it
  public void verify(RecordId id) {
    find(id);
  }

  /// Removes a record. Harmless if it is gone.
  public void delete(RecordId id) {
    repository.store().delete(key(id));
  }

  /// Empty for one of an unknown kind.
  private Optional<StoredRecord> find(RecordId id) {
    String text = new String(repository.files().load(key(id)), UTF_8);
    Matcher parts = RECORD.matcher(text);
    if (!parts.matches()) {
      throw new Corrupt(key(id) + " is damaged: it does not begin with version and kind");
    }
    int version = Integer.parseInt(parts.group(1));
    Optional<RecordKind> kind = RecordKind.of(parts.group(2));
    if (version != VERSION && kind.isPresent()) {
      throw new Unsupported(
          "%s has version %d, but at most %d is known".formatted(key(id), version, VERSION),
          "use a newer version of holdfast");
    }
    return kind.map(known -> new StoredRecord(id, known, parts.group(3)));
  }

  private static String firstLine(RecordKind kind) {
    return "{\"version\":%d,\"kind\":\"%s\"}\n".formatted(VERSION, kind.word());
  }

  private static ObjectKey key(RecordId id) {
    return new ObjectKey(ObjectType.RECORD, id.hash());
  }
}
