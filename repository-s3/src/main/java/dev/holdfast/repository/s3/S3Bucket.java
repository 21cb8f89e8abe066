package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.s3.S3Calls.CallFailed;
import dev.holdfast.repository.store.ObjectKey;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/// The bucket itself: whether it is there, and what is wrong with it. Thread-safe.
final class S3Bucket {
  private static final String FIRST_BYTE = "bytes=0-0";

  private final S3Calls calls;
  private final S3Names names;
  private final S3Settings settings;
  private final String region;

  S3Bucket(S3Calls calls, S3Names names, S3Settings settings, String region) {
    this.calls = calls;
    this.names = names;
    this.settings = settings;
    this.region = region;
  }

  /// Creates the bucket if it does not exist. Who may not look is taken to know that it does.
  void create() {
    try {
      calls.attempt(
          "look up the bucket",
          client -> client.headBucket(request -> request.bucket(names.bucket())));
    } catch (CallFailed e) {
      if (S3Failures.isBucketMissing(e.reason())) {
        make();
      } else if (!S3Failures.isForbidden(e.reason())) {
        throw calls.failure("look up the bucket", e);
      }
    }
  }

  private void make() {
    String doing = "create the bucket '" + names.bucket() + "'";
    try {
      calls.attempt(doing, client -> client.createBucket(request()));
    } catch (CallFailed e) {
      if (e.reason() instanceof IllegalArgumentException wrong) { // of the SDK, for its name
        throw new Rejected(
            "no bucket can be called '%s': %s".formatted(names.bucket(), wrong.getMessage()),
            "take 3 to 63 small letters, digits and dashes");
      }
      throw calls.failure(doing, e);
    }
  }

  private CreateBucketRequest request() {
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(names.bucket());
    if (!region.equals(S3Clients.DEFAULT_REGION)) {
      request.createBucketConfiguration(where -> where.locationConstraint(region));
    }
    if (settings.retention().isPresent()) {
      request.objectLockEnabledForBucket(true);
    }
    return request.build();
  }

  /// Returns if the bucket can be told to exist.
  ///
  /// @throws HoldfastException if it does not
  void requireExisting() {
    try {
      peek(ObjectKey.CONFIG);
    } catch (CallFailed e) {
      if (!S3Failures.isMissing(e.reason())) {
        throw calls.failure("read " + ObjectKey.CONFIG, e);
      }
    }
  }

  /// Words a failure whose answer had no body, by asking again in a way that has one.
  HoldfastException explained(String doing, ObjectKey key, CallFailed failed) {
    if (!S3Failures.isMute(failed.reason())) {
      return calls.failure(doing, failed);
    }
    try {
      peek(key);
    } catch (CallFailed e) {
      return calls.failure(doing, S3Failures.isMissing(e.reason()) ? failed : e);
    }
    return calls.failure(doing, failed);
  }

  private void peek(ObjectKey key) throws CallFailed {
    calls.attempt(
        "read " + key,
        client -> {
          client
              .getObjectAsBytes(
                  request -> request.bucket(names.bucket()).key(names.of(key)).range(FIRST_BYTE))
              .asByteArrayUnsafe();
          return true;
        });
  }
}
