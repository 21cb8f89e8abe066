package dev.holdfast.repository.s3;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.s3.S3Protection.Protected;
import dev.holdfast.repository.s3.Upload.Confirmation;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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

  /// S3's own limit.
  private static final int PARTS_MAX = 10_000;

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

  /// What is written.
  interface Source {
    long lengthBytes();

    /// Some of it.
    ByteBuffer part(long at, int lengthBytes);
  }

  /// Where it goes.
  ///
  /// @param called for messages
  /// @param name in the bucket
  private record Place(
      String called, String name, boolean usesStorageClass, Optional<Protected> protection) {}

  void put(ObjectKey key, ByteBuffer content) {
    put(
        new Place(key.toString(), names.of(key), usesStorageClass(key), protection.of(key)),
        new Source() {
          @Override
          public long lengthBytes() {
            return content.remaining();
          }

          @Override
          public ByteBuffer part(long at, int lengthBytes) {
            return content.slice(content.position() + Math.toIntExact(at), lengthBytes);
          }
        });
  }

  /// Writes what is no object of a repository.
  void put(String path, Source source) {
    put(new Place(path, names.of(path), true, protection.ofAny()), source);
  }

  private void put(Place place, Source source) {
    if (source.lengthBytes() > settings.singlePutBytes()) {
      putInParts(place, source);
      confirmProtection(place, true);
      return;
    }
    Upload upload = new Upload(source.part(0, Math.toIntExact(source.lengthBytes())));
    boolean withChecksum = needsChecksum;
    PutObjectResponse answer =
        calls.make(
            "write " + place.called(),
            client -> client.putObject(request(place, upload, withChecksum), upload.body()));
    confirm(place, upload, answer.eTag(), answer.checksumCRC32());
    confirmProtection(place, false);
  }

  private void confirmProtection(Place place, boolean inParts) {
    place
        .protection()
        .ifPresent(wanted -> protection.confirm(place.name(), place.called(), wanted, inParts));
  }

  private PutObjectRequest request(Place place, Upload upload, boolean withChecksum) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(names.bucket())
            .key(place.name())
            .contentType(MEDIA_TYPE)
            .contentLength(upload.lengthBytes())
            .contentMD5(upload.md5());
    if (withChecksum) {
      request.checksumCRC32(upload.crc32());
    }
    if (place.usesStorageClass()) {
      settings.storageClass().ifPresent(request::storageClass);
    }
    settings.encryption().ifPresent(request::serverSideEncryption);
    settings.encryptionKey().ifPresent(request::ssekmsKeyId);
    place
        .protection()
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
  private void confirm(Place place, Upload upload, String entityTag, String checksum) {
    Confirmation confirmation = upload.confirmation(entityTag, checksum);
    if (confirmation == Confirmation.NONE) {
      needsChecksum = true;
      ResponseBytes<GetObjectResponse> stored =
          calls.make(
              "read back " + place.called(),
              client ->
                  client.getObject(
                      request -> request.bucket(names.bucket()).key(place.name()),
                      ResponseTransformer.toBytes()));
      confirmation =
          upload.isSameAs(stored.asByteArrayUnsafe()) ? Confirmation.SAME : Confirmation.DIFFERENT;
    }
    if (confirmation == Confirmation.DIFFERENT) {
      throw new Transient(
          "the server stored other bytes of " + place.called() + " than were sent", null);
    }
  }

  private void putInParts(Place place, Source source) {
    String doing = "write " + place.called();
    String id =
        calls.make(doing, client -> client.createMultipartUpload(inParts(place)).uploadId());
    try {
      List<CompletedPart> parts = new ArrayList<>();
      MessageDigest whole = MessageDigest.getInstance("MD5");
      int most = partBytes(source);
      for (long at = 0; at < source.lengthBytes(); at += most) {
        int length = (int) Math.min(most, source.lengthBytes() - at);
        Upload part = new Upload(source.part(at, length));
        parts.add(putPart(place, id, parts.size() + 1, part));
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
                              .key(place.name())
                              .uploadId(id)
                              .multipartUpload(list -> list.parts(parts))))
              .eTag();
      String expected = HexFormat.of().formatHex(whole.digest()) + "-" + parts.size();
      if (settings.encryptionKey().isEmpty()
          && entityTag != null
          && entityTag.contains("-")
          && !Upload.unquoted(entityTag).equals(expected)) {
        throw new Transient(
            "the server put together other parts of " + place.called() + " than sent", null);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (RuntimeException | Error e) {
      abort(place, id, e);
      throw e;
    }
  }

  private int partBytes(Source source) {
    long least = source.lengthBytes() / PARTS_MAX + 1;
    return Math.toIntExact(Math.max(least, Math.min(PART_BYTES, settings.singlePutBytes())));
  }

  private CreateMultipartUploadRequest inParts(Place place) {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(names.bucket())
            .key(place.name())
            .contentType(MEDIA_TYPE);
    if (place.usesStorageClass()) {
      settings.storageClass().ifPresent(request::storageClass);
    }
    settings.encryption().ifPresent(request::serverSideEncryption);
    settings.encryptionKey().ifPresent(request::ssekmsKeyId);
    place
        .protection()
        .ifPresent(
            its -> request.objectLockMode(its.mode()).objectLockRetainUntilDate(its.until()));
    return request.build();
  }

  private CompletedPart putPart(Place place, String id, int number, Upload part) {
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(names.bucket())
            .key(place.name())
            .uploadId(id)
            .partNumber(number)
            .contentLength(part.lengthBytes())
            .contentMD5(part.md5())
            .build();
    UploadPartResponse answer =
        calls.make(
            "write part %d of %s".formatted(number, place.called()),
            client -> client.uploadPart(request, part.body()));
    // A tag that is no MD5 cannot confirm it; the server has compared the one in the request.
    if (Upload.looksLikeMd5(answer.eTag())
        && settings.encryption().isEmpty()
        && part.confirmation(answer.eTag(), null) != Confirmation.SAME) {
      throw new Transient(
          "the server stored other bytes of " + place.called() + " than were sent", null);
    }
    return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
  }

  /// Parts that belong to nothing cost money until somebody looks for them.
  private void abort(Place place, String id, Throwable reason) {
    boolean interrupted = Thread.interrupted();
    try {
      calls.make(
          "give up writing " + place.called(),
          client ->
              client.abortMultipartUpload(
                  request -> request.bucket(names.bucket()).key(place.name()).uploadId(id)));
    } catch (HoldfastException e) {
      reason.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
