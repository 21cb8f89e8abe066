package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.s3.Upload.Confirmation;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Uploads objects, and believes the server only if it says what it stored. Thread-safe.
final class S3Writer {
  private static final int PART_BYTES = 64 << 20;
  private static final String MEDIA_TYPE = "application/octet-stream";
  private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

  private final S3Calls calls;
  private final S3Names names;
  private final S3Settings settings;
  private final S3Protection protection;

  /// Whether entity tags do not tell the MD5, so that another checksum has to be asked for. Amazon
  /// with keys of KMS is the usual case.
  private volatile boolean needsChecksum;

  S3Writer(S3Calls calls, S3Names names, S3Settings settings, S3Protection protection) {
    this.calls = calls;
    this.names = names;
    this.settings = settings;
    this.protection = protection;
    this.needsChecksum = settings.encryption().filter(its -> its.startsWith("aws:")).isPresent();
  }

  void put(ObjectKey key, ByteBuffer content) {
    if (content.remaining() > settings.singlePutBytes()) {
      putInParts(key, content);
      return;
    }
    Upload upload = new Upload(content);
    boolean withChecksum = needsChecksum;
    PutObjectResponse answer =
        calls.make(
            "write " + key,
            client -> client.putObject(request(key, upload, withChecksum), upload.body()));
    confirm(key, upload, answer.eTag(), answer.checksumCRC32());
  }

  private PutObjectRequest request(ObjectKey key, Upload upload, boolean withChecksum) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(names.bucket())
            .key(names.of(key))
            .contentType(MEDIA_TYPE)
            .contentLength(upload.lengthBytes())
            .contentMD5(upload.md5());
    if (withChecksum) {
      request.checksumCRC32(upload.crc32());
    }
    if (usesStorageClass(key)) {
      settings.storageClass().ifPresent(request::storageClass);
    }
    settings.encryption().ifPresent(request::serverSideEncryption);
    settings.encryptionKey().ifPresent(request::ssekmsKeyId);
    protection
        .of(key)
        .ifPresent(
            its -> request.objectLockMode(its.mode()).objectLockRetainUntilDate(its.until()));
    return request.build();
  }

  /// What must be readable at any time does not go into an archive.
  private boolean usesStorageClass(ObjectKey key) {
    return key.type() == ObjectType.PACK
        || settings.storageClass().filter(ARCHIVES::contains).isEmpty();
  }

  /// Reads the object back if the answer says nothing of what was stored; from then on a checksum
  /// is asked for that such servers may know.
  private void confirm(ObjectKey key, Upload upload, String entityTag, String checksum) {
    Confirmation confirmation = upload.confirmation(entityTag, checksum);
    if (confirmation == Confirmation.NONE) {
      needsChecksum = true;
      ResponseBytes<GetObjectResponse> stored =
          calls.make(
              "read back " + key,
              client ->
                  client.getObject(
                      request -> request.bucket(names.bucket()).key(names.of(key)),
                      ResponseTransformer.toBytes()));
      confirmation =
          upload.isSameAs(stored.asByteArrayUnsafe()) ? Confirmation.SAME : Confirmation.DIFFERENT;
    }
    if (confirmation == Confirmation.DIFFERENT) {
      throw new Transient("the server stored other bytes of " + key + " than were sent", null);
    }
  }

  private void putInParts(ObjectKey key, ByteBuffer content) {
    String doing = "write " + key;
    String id = calls.make(doing, client -> client.createMultipartUpload(inParts(key)).uploadId());
    try {
      List<CompletedPart> parts = new ArrayList<>();
      MessageDigest whole = MessageDigest.getInstance("MD5");
      ByteBuffer rest = content.duplicate();
      while (rest.hasRemaining()) {
        Upload part = new Upload(nextPart(rest));
        parts.add(putPart(key, id, parts.size() + 1, part));
        part.addMd5To(whole);
      }
      String entityTag =
          calls
              .make(
                  doing,
                  client ->
                      client.completeMultipartUpload(request ->
                          request
                              .bucket(names.bucket())
                              .key(names.of(key))
                              .uploadId(id)
                              .multipartUpload(list -> list.parts(parts))))
              .eTag();
      String expected = HexFormat.of().formatHex(whole.digest()) + "-" + parts.size();
      if (settings.encryptionKey().isEmpty()
          && entityTag != null
          && entityTag.contains("-")
          && !Upload.unquoted(entityTag).equals(expected)) {
        throw new Transient("the server put together other parts of " + key + " than sent", null);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (RuntimeException | Error e) {
      abort(key, id, e);
      throw e;
    }
  }

  private ByteBuffer nextPart(ByteBuffer rest) {
    int length = Math.min(rest.remaining(), Math.min(PART_BYTES, settings.singlePutBytes()));
    ByteBuffer part = rest.slice(rest.position(), length);
    rest.position(rest.position() + length);
    return part;
  }

  private CreateMultipartUploadRequest inParts(ObjectKey key) {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(names.bucket())
            .key(names.of(key))
            .contentType(MEDIA_TYPE);
    if (usesStorageClass(key)) {
      settings.storageClass().ifPresent(request::storageClass);
    }
    settings.encryption().ifPresent(request::serverSideEncryption);
    settings.encryptionKey().ifPresent(request::ssekmsKeyId);
    protection
        .of(key)
        .ifPresent(
            its -> request.objectLockMode(its.mode()).objectLockRetainUntilDate(its.until()));
    return request.build();
  }

  private CompletedPart putPart(ObjectKey key, String id, int number, Upload part) {
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(names.bucket())
            .key(names.of(key))
            .uploadId(id)
            .partNumber(number)
            .contentLength(part.lengthBytes())
            .contentMD5(part.md5())
            .build();
    UploadPartResponse answer =
        calls.make(
            "write part %d of %s".formatted(number, key),
            client -> client.uploadPart(request, part.body()));
    // A tag that is no MD5 cannot confirm it; the server has compared the one in the request.
    if (Upload.looksLikeMd5(answer.eTag())
        && settings.encryption().isEmpty()
        && part.confirmation(answer.eTag(), null) != Confirmation.SAME) {
      throw new Transient("the server stored other bytes of " + key + " than were sent", null);
    }
    return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
  }

  /// Parts that belong to nothing cost money until somebody looks for them.
  private void abort(ObjectKey key, String id, Throwable reason) {
    boolean interrupted = Thread.interrupted();
    try {
      calls.make(
          "give up writing " + key,
          client ->
              client.abortMultipartUpload(
                  request -> request.bucket(names.bucket()).key(names.of(key)).uploadId(id)));
    } catch (HoldfastException e) {
      reason.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
