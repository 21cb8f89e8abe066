package dev.holdfast.repository.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/// Bytes on their way to the server, with the checksums by which it is to find out whether they
/// arrived, and by which we find out what it stored.
final class Upload {
  private static final String MEDIA_TYPE = "application/octet-stream";
  private static final int MD5_HEX_CHARS = 32;

  private final ByteBuffer content;
  private final byte[] md5;
  private final String crc32;

  Upload(ByteBuffer content) {
    this.content = content.duplicate();
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(content.duplicate());
      md5 = digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    crc32 =
        Base64.getEncoder()
            .encodeToString(
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
  }

  /// As the header `Content-MD5` has it.
  String md5() {
    return Base64.getEncoder().encodeToString(md5);
  }

  /// As the header `x-amz-checksum-crc32` has it.
  String crc32() {
    return crc32;
  }

  void addMd5To(MessageDigest digest) {
    digest.update(md5);
  }

  long lengthBytes() {
    return content.remaining();
  }

  RequestBody body() {
    return RequestBody.fromContentProvider(
        () -> new BufferStream(content.duplicate()), content.remaining(), MEDIA_TYPE);
  }

  /// What an answer says of the bytes that were stored.
  ///
  /// @param entityTag of the answer; of most servers the MD5 of the content
  /// @param checksum the answer's CRC-32, if it has one
  Confirmation confirmation(@Nullable String entityTag, @Nullable String checksum) {
    if (checksum != null) {
      return checksum.equals(crc32) ? Confirmation.SAME : Confirmation.DIFFERENT;
    }
    if (entityTag != null && unquoted(entityTag).equals(HexFormat.of().formatHex(md5))) {
      return Confirmation.SAME;
    }
    return Confirmation.NONE;
  }

  /// Whether these are the bytes.
  boolean isSameAs(byte[] stored) {
    return content.equals(ByteBuffer.wrap(stored));
  }

  /// Whether it could be the MD5 of something.
  static boolean looksLikeMd5(@Nullable String entityTag) {
    return entityTag != null
        && unquoted(entityTag).length() == MD5_HEX_CHARS
        && unquoted(entityTag).chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  static String unquoted(String entityTag) {
    return entityTag.replace("\"", "").toLowerCase(Locale.ROOT);
  }

  /// Whether the server has what was sent. [#NONE]: it does not say.
  enum Confirmation {
    SAME,
    DIFFERENT,
    NONE
  }

  /// Reads a buffer.
  private static final class BufferStream extends InputStream {
    private final ByteBuffer buffer;

    BufferStream(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public int read() {
      return buffer.hasRemaining() ? Byte.toUnsignedInt(buffer.get()) : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (!buffer.hasRemaining()) {
        return length == 0 ? 0 : -1;
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(target, offset, count);
      return count;
    }

    @Override
    public int available() {
      return buffer.remaining();
    }
  }
}
