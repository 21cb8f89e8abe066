package dev.holdfast.repository.store;

import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A private key in PEM: PKCS #8, which the platform reads, and the older forms for one algorithm
/// each, PKCS #1 (`RSA PRIVATE KEY`, RFC 8017 A.1.2) and SEC 1 (`EC PRIVATE KEY`, RFC 5915). PKCS
/// #8 is those, with the algorithm said before (RFC 5208, section 5); which one it is says the
/// public key of the certificate.
final class PemKey {
  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN (?<kind>[A-Z ]*)PRIVATE KEY-----(?<text>.*?)-----END", Pattern.DOTALL);
  private static final String ENCRYPTED = "ENCRYPTED";
  private static final List<String> OLDER = List.of("RSA ", "EC ");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION = {0x02, 0x01, 0x00};
  private static final int LONG_FORM = 0x80;

  private final String kind;
  private final String text;

  private PemKey(String kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /// The first in a file's text; empty if there is none.
  static Optional<PemKey> in(String pem) {
    Matcher block = KEY.matcher(pem);
    return block.find()
        ? Optional.of(new PemKey(block.group("kind"), block.group("text")))
        : Optional.empty();
  }

  /// Whether a password is needed to read it.
  boolean isEncrypted() {
    return kind.startsWith(ENCRYPTED) || text.contains("Proc-Type: 4," + ENCRYPTED);
  }

  /// Whether it is of a form that can be read here.
  boolean isKnown() {
    return kind.isEmpty() || OLDER.contains(kind);
  }

  /// The key; empty if it cannot be read.
  ///
  /// @param owner the public key of the certificate that it is for
  Optional<PrivateKey> read(PublicKey owner) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(text);
      PKCS8EncodedKeySpec key =
          new PKCS8EncodedKeySpec(kind.isEmpty() ? bytes : wrapped(bytes, owner));
      for (String algorithm : ALGORITHMS) {
        Optional<PrivateKey> read = read(algorithm, key);
        if (read.isPresent()) {
          return read;
        }
      }
    } catch (NoSuchAlgorithmException | IllegalArgumentException e) {
      return Optional.empty(); // no Base64, or nothing that this platform knows
    }
    return Optional.empty();
  }

  private static Optional<PrivateKey> read(String algorithm, PKCS8EncodedKeySpec key)
      throws NoSuchAlgorithmException {
    KeyFactory factory = KeyFactory.getInstance(algorithm);
    try {
      return Optional.of(factory.generatePrivate(key));
    } catch (InvalidKeySpecException e) {
      return Optional.empty(); // a key of another kind
    }
  }

  private static byte[] wrapped(byte[] key, PublicKey owner) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(VERSION);
    content.writeBytes(algorithm(owner.getEncoded()));
    element(content, OCTET_STRING, key);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    element(whole, SEQUENCE, content.toByteArray());
    return whole.toByteArray();
  }

  /// The algorithm with its parameters, such as the curve: the first element within the one that a
  /// public key is (RFC 5280, section 4.1: SubjectPublicKeyInfo).
  private static byte[] algorithm(byte[] publicKey) {
    int start = contentAt(publicKey, 0);
    int end = contentAt(publicKey, start) + lengthAt(publicKey, start);
    return Arrays.copyOfRange(publicKey, start, end);
  }

  private static int contentAt(byte[] der, int element) {
    int first = der[element + 1] & 0xff;
    return element + 2 + (first < LONG_FORM ? 0 : first - LONG_FORM);
  }

  private static int lengthAt(byte[] der, int element) {
    int content = contentAt(der, element);
    if (content == element + 2) {
      return der[element + 1];
    }
    int length = 0;
    for (int i = element + 2; i < content; i++) {
      length = (length << Byte.SIZE) | (der[i] & 0xff);
    }
    return length;
  }

  private static void element(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    int length = content.length;
    if (length < LONG_FORM) {
      out.write(length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / Byte.SIZE;
      out.write(LONG_FORM | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >>> (i * Byte.SIZE));
      }
    }
    out.writeBytes(content);
  }
}
