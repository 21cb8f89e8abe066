package dev.holdfast.repository.s3;

import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.S3Address;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;

/// What the repository's objects are called in the bucket.
final class S3Names {
  private final String bucket;
  private final String prefix;

  S3Names(S3Address address) {
    this.bucket = address.bucket();
    this.prefix = address.prefix().isEmpty() ? "" : address.prefix() + "/";
  }

  String bucket() {
    return bucket;
  }

  String of(ObjectKey key) {
    return prefix + key.path();
  }

  /// What something that is no object of a repository is called.
  String of(String path) {
    return prefix + path;
  }

  /// What the names of all objects of a kind begin with.
  String folder(ObjectType type) {
    return prefix + type.folder() + (type == ObjectType.CONFIG ? "" : "/");
  }

  /// The path in the repository.
  String path(String name) {
    return name.substring(prefix.length());
  }

  HeadObjectRequest head(ObjectKey key) {
    return HeadObjectRequest.builder().bucket(bucket).key(of(key)).build();
  }
}
