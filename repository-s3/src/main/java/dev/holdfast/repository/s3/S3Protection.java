package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.s3.S3Calls.CallFailed;
import dev.holdfast.repository.s3.S3Settings.Retention;
import dev.holdfast.repository.store.ErasedVersions;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/// Deleting, and what stands in its way: S3 Object Lock, and versions. Locks of the repository are
/// never protected, because they have to go. Thread-safe.
final class S3Protection {
  private static final String GOVERNANCE = "GOVERNANCE";

  private final S3Calls calls;
  private final S3Names names;
  private final S3Settings settings;
  private final Clock clock;
  private final Consumer<String> notices;

  /// Whether the server was seen to protect what it was told to.
  private volatile boolean proven;

  /// The protection that a new object gets.
  record Protected(String mode, Instant until) {}

  S3Protection(
      S3Calls calls, S3Names names, S3Settings settings, Clock clock, Consumer<String> notices) {
    this.calls = calls;
    this.names = names;
    this.settings = settings;
    this.clock = clock;
    this.notices = notices;
  }

  /// The protection that an object gets when it is written now.
  Optional<Protected> of(ObjectKey key) {
    return key.type() == ObjectType.LOCK ? Optional.empty() : ofAny();
  }

  /// The protection that everything gets that has not to go.
  Optional<Protected> ofAny() {
    return settings.retention().map(its -> new Protected(its.mode(), end(its)));
  }

  private Instant end(Retention retention) {
    return clock
        .instant()
        .atZone(ZoneOffset.UTC)
        .plus(retention.period())
        .toInstant()
        .truncatedTo(ChronoUnit.SECONDS);
  }

  /// Protects an object anew once half of its protection is over.
  void extend(ObjectKey key) {
    of(key)
        .ifPresent(wanted -> {
          Duration whole = Duration.between(clock.instant(), wanted.until());
          ensure(names.of(key), key.toString(), wanted, clock.instant().plus(whole.dividedBy(2)));
        });
  }

  /// Sees to it that something that was written is protected. Servers forget what they were told:
  /// those that know no Object Lock do, and Ceph does for what came in parts. A whole object that
  /// is protected stands for all that follow.
  void confirm(String name, String called, Protected wanted, boolean inParts) {
    if (inParts || !proven) {
      ensure(name, called, wanted, wanted.until());
      proven = proven || !inParts;
    }
  }

  /// @param least if it is protected until then, nothing is done
  private void ensure(String name, String called, Protected wanted, Instant least) {
    String doing = "protect " + called;
    HeadObjectResponse now =
        calls.make(
            doing,
            client -> client.headObject(request -> request.bucket(names.bucket()).key(name)));
    Optional<Protected> present = retention(now);
    if (present.isPresent() && !present.get().until().isBefore(least)) {
      return;
    }
    if (present.isEmpty()) {
      requireKnowing(name, doing);
    }
    String before = present.map(Protected::mode).orElse("");
    boolean stricter = before.equals(GOVERNANCE) && !wanted.mode().equals(GOVERNANCE);
    String mode = before.isEmpty() || stricter ? wanted.mode() : before; // never less strict
    calls.make(
        doing,
        client ->
            client.putObjectRetention(request ->
                request
                    .bucket(names.bucket())
                    .key(name)
                    .bypassGovernanceRetention(stricter ? true : null)
                    .retention(its -> its.mode(mode).retainUntilDate(wanted.until()))));
  }

  /// A server that does not know the call by which an object is protected could take it for the
  /// object itself, and store that instead. One that only refuses to say knows it.
  private void requireKnowing(String name, String doing) {
    try {
      calls.attempt(
          doing,
          client -> client.getObjectRetention(request -> request.bucket(names.bucket()).key(name)));
    } catch (CallFailed e) {
      if (S3Failures.isUnprotected(e.reason()) || S3Failures.isForbidden(e.reason())) {
        return;
      }
      HoldfastException why = calls.failure(doing, e);
      if (why instanceof Transient || why instanceof Cancelled) {
        throw why;
      }
      throw new Unsupported(
          "the bucket '%s' does not protect objects: %s"
              .formatted(names.bucket(), why.getMessage()),
          "Object Lock is enabled when a bucket is created; without it, leave out"
              + " -o s3.object-lock-mode and -o s3.object-lock-days");
    }
  }

  /// Deletes an object. One that is protected stays, and a notice says so.
  void delete(ObjectKey key) {
    delete(names.of(key), key.toString(), key.type() != ObjectType.LOCK);
  }

  /// Deletes something else, in the same way.
  void delete(String path) {
    delete(names.of(path), path, true);
  }

  private void delete(String name, String called, boolean mayBeProtected) {
    try {
      delete(name, null);
    } catch (CallFailed e) {
      if (S3Failures.isMissing(e.reason())) {
        return;
      }
      Optional<Protected> protection =
          S3Failures.isForbidden(e.reason()) && mayBeProtected
              ? protection(name, null)
              : Optional.empty();
      if (protection.isEmpty()) {
        throw calls.failure("delete " + called, e);
      }
      notices.accept(
          "%s is protected until %s and stays in the bucket"
              .formatted(called, protection.get().until()));
    }
  }

  private void delete(String name, @Nullable String version) throws CallFailed {
    calls.attempt(
        "delete " + names.path(name),
        client ->
            client.deleteObject(
                request -> request.bucket(names.bucket()).key(name).versionId(version)));
  }

  /// The protection of an object, or of one of its versions; empty if it has none that can be seen.
  private Optional<Protected> protection(String name, @Nullable String version) {
    try {
      HeadObjectResponse head =
          calls.attempt(
              "look up " + names.path(name),
              client ->
                  client.headObject(
                      request -> request.bucket(names.bucket()).key(name).versionId(version)));
      return protection(head);
    } catch (CallFailed e) {
      return Optional.empty();
    }
  }

  private Optional<Protected> protection(HeadObjectResponse head) {
    if (head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON) {
      return Optional.of(new Protected("LEGAL_HOLD", Instant.MAX));
    }
    return retention(head);
  }

  private Optional<Protected> retention(HeadObjectResponse head) {
    Instant until = head.objectLockRetainUntilDate();
    return until == null || !until.isAfter(clock.instant())
        ? Optional.empty()
        : Optional.of(new Protected(head.objectLockModeAsString(), until));
  }

  /// Until when an object is protected; empty if it is not, or is not there.
  Optional<Instant> until(ObjectKey key) {
    String doing = "look up " + key;
    try {
      return protection(calls.attempt(doing, client -> client.headObject(names.head(key))))
          .map(Protected::until);
    } catch (CallFailed e) {
      if (S3Failures.isMissing(e.reason())) {
        return Optional.empty();
      }
      throw calls.failure(doing, e);
    }
  }

  /// Removes all versions of the repository's objects that are not the present ones, markers of
  /// deleted ones last. Locks of the repository hold nothing that anybody erases: those that are
  /// protected are not told.
  ErasedVersions eraseOldVersions() {
    Erasing erasing = new Erasing();
    try {
      for (ObjectType type : ObjectType.values()) {
        erasing.erase(names.folder(type));
      }
      erasing.kept.removeIf(kept -> kept.path().startsWith(ObjectType.LOCK.folder() + "/"));
    } catch (Unsupported e) {
      return ErasedVersions.NONE; // a server that knows no versions has none
    }
    return new ErasedVersions(erasing.removed, erasing.kept);
  }

  /// What is no longer present of one object.
  private static final class Past {
    private final List<ObjectVersion> versions = new ArrayList<>();
    private final List<String> markers = new ArrayList<>();
  }

  /// One run through all versions. An object is looked at when all of its versions are known: the
  /// marker that it is deleted goes last, and only if no version is left, because without it the
  /// newest that is left would be there again; and no version goes that the listing goes on from.
  private final class Erasing {
    private final List<ErasedVersions.Kept> kept = new ArrayList<>();
    private final Map<String, Past> objects = new LinkedHashMap<>();
    private long removed;

    void erase(String folder) {
      String name = null;
      String version = null;
      do {
        ListObjectVersionsResponse page = page(folder, name, version);
        page.versions().stream()
            .filter(each -> !Boolean.TRUE.equals(each.isLatest()))
            .forEach(each -> past(each.key()).versions.add(each));
        page.deleteMarkers().forEach(each -> past(each.key()).markers.add(each.versionId()));
        boolean more = Boolean.TRUE.equals(page.isTruncated());
        name = more ? page.nextKeyMarker() : null;
        version = more ? page.nextVersionIdMarker() : null;
        eraseAllBut(name);
      } while (name != null);
    }

    private Past past(String name) {
      return objects.computeIfAbsent(name, _ -> new Past());
    }

    /// @param unfinished the object of which more versions may follow
    private void eraseAllBut(@Nullable String unfinished) {
      Past rest = unfinished == null ? null : objects.remove(unfinished);
      objects.forEach((name, past) -> {
        int before = kept.size();
        past.versions.forEach(
            each -> remove(name, each.versionId(), Optional.ofNullable(each.lastModified())));
        if (kept.size() == before) {
          past.markers.forEach(version -> remove(name, version, Optional.empty()));
        }
      });
      objects.clear();
      if (unfinished != null && rest != null) {
        objects.put(unfinished, rest);
      }
    }

    private ListObjectVersionsResponse page(
        String folder, @Nullable String name, @Nullable String version) {
      return calls.make(
          "list versions",
          client ->
              client.listObjectVersions(request ->
                  request
                      .bucket(names.bucket())
                      .prefix(folder)
                      .keyMarker(name)
                      .versionIdMarker(version)));
    }

    private void remove(String name, String version, Optional<Instant> since) {
      try {
        delete(name, version);
        removed++;
      } catch (CallFailed e) {
        if (!S3Failures.isForbidden(e.reason())) {
          throw calls.failure("delete a version of " + names.path(name), e);
        }
        kept.add(
            new ErasedVersions.Kept(
                names.path(name),
                since.orElse(Instant.EPOCH),
                protection(name, version).map(Protected::until)));
      }
    }
  }
}
