package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Lists objects, page by page. Thread-safe.
final class S3Listing {
  private final S3Calls calls;
  private final S3Names names;
  private final boolean oldStyle;

  /// @param next where the next page begins; null after the last
  private record Page(List<S3Object> objects, @Nullable String next) {}

  S3Listing(S3Calls calls, S3Names names, S3Settings settings) {
    this.calls = calls;
    this.names = names;
    this.oldStyle = settings.listsOldStyle();
  }

  void list(ObjectType type, Consumer<ObjectInfo> each) {
    String folder = names.folder(type);
    // Packs lie one level deeper; what else lies deeper is none of the repository's.
    String delimiter = type == ObjectType.PACK ? null : "/";
    objects(
        type.folder(),
        folder,
        delimiter,
        object ->
            keyOf(type, object.key())
                .ifPresent(key -> each.accept(new ObjectInfo(key, object.size()))));
  }

  /// Lists everything whose name in the bucket begins so.
  ///
  /// @param called what it is, for messages
  void objects(String called, String folder, @Nullable String delimiter, Consumer<S3Object> each) {
    String from = null;
    do {
      Page page = page(called, folder, delimiter, from);
      if (page.next() != null && page.next().equals(from)) {
        throw new Transient("the listing of " + called + " goes round in circles", null);
      }
      page.objects().forEach(each);
      from = page.next();
    } while (from != null);
  }

  private Page page(
      String called, String folder, @Nullable String delimiter, @Nullable String from) {
    String doing = "list " + called;
    return oldStyle
        ? calls.make(doing, client -> oldPage(client.listObjects(old(folder, delimiter, from))))
        : calls.make(
            doing, client -> newPage(client.listObjectsV2(modern(folder, delimiter, from))));
  }

  private ListObjectsV2Request modern(
      String folder, @Nullable String delimiter, @Nullable String from) {
    return ListObjectsV2Request.builder()
        .bucket(names.bucket())
        .prefix(folder)
        .delimiter(delimiter)
        .continuationToken(from)
        .build();
  }

  private ListObjectsRequest old(String folder, @Nullable String delimiter, @Nullable String from) {
    return ListObjectsRequest.builder()
        .bucket(names.bucket())
        .prefix(folder)
        .delimiter(delimiter)
        .marker(from)
        .build();
  }

  private static Page newPage(ListObjectsV2Response answer) {
    boolean more = Boolean.TRUE.equals(answer.isTruncated());
    return new Page(answer.contents(), more ? answer.nextContinuationToken() : null);
  }

  /// Without a delimiter the answer does not name the next page: it begins after the last object.
  private static Page oldPage(ListObjectsResponse answer) {
    if (!Boolean.TRUE.equals(answer.isTruncated())) {
      return new Page(answer.contents(), null);
    }
    String next = answer.nextMarker();
    if (next == null && !answer.contents().isEmpty()) {
      next = answer.contents().getLast().key();
    }
    return new Page(answer.contents(), next);
  }

  /// Empty for what is not an object of this kind.
  private Optional<ObjectKey> keyOf(ObjectType type, String name) {
    Optional<ObjectKey> key =
        Hash.parse(name.substring(name.lastIndexOf('/') + 1)).map(id -> new ObjectKey(type, id));
    return key.filter(its -> names.of(its).equals(name));
  }
}
