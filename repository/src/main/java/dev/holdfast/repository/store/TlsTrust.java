package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whom encrypted connections trust, and as whom they present themselves: the files of a
/// [Connecting], read.
///
/// Not a record: arrays are what the platform takes.
public final class TlsTrust {
  private static final char[] NO_PASSWORD = {};

  private final TrustManager @Nullable [] trust;
  private final KeyManager @Nullable [] keys;

  private TlsTrust(TrustManager @Nullable [] trust, KeyManager @Nullable [] keys) {
    this.trust = trust;
    this.keys = keys;
  }

  /// Reads the files.
  ///
  /// @throws InputOutput if one cannot be read
  /// @throws Rejected if one holds something else
  public static TlsTrust of(Connecting connecting) {
    TrustManager[] trust = null;
    if (connecting.insecureTls()) {
      trust = new TrustManager[] {new Anyone()};
    } else if (!connecting.authorities().isEmpty()) {
      trust = trusting(connecting.authorities());
    }
    return new TlsTrust(
        trust, connecting.clientCertificate().map(TlsTrust::presenting).orElse(null));
  }

  /// Whom to trust; null for those the platform trusts.
  public TrustManager @Nullable [] trustManagers() {
    return trust == null ? null : trust.clone();
  }

  /// As whom to present oneself; null for nobody.
  public KeyManager @Nullable [] keyManagers() {
    return keys == null ? null : keys.clone();
  }

  /// A context of both.
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManager[] trusting(List<Path> files) {
    try {
      KeyStore store = empty();
      for (Path file : files) {
        for (Certificate certificate : certificates(file, read(file))) {
          store.setCertificateEntry("authority-" + store.size(), certificate);
        }
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyManager[] presenting(Path file) {
    byte[] pem = read(file);
    List<Certificate> chain = certificates(file, pem);
    PrivateKey key =
        privateKey(file, new String(pem, StandardCharsets.ISO_8859_1), chain.getFirst());
    try {
      KeyStore store = empty();
      store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw notPem(file, "its key does not fit its certificate");
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InputOutput(
          "cannot read the certificate " + file, "check that the file is there and readable", e);
    }
  }

  private static List<Certificate> certificates(Path file, byte[] pem) {
    List<Certificate> found = new ArrayList<>();
    Matcher blocks =
        Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")
            .matcher(new String(pem, StandardCharsets.ISO_8859_1));
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (blocks.find()) {
        byte[] block = blocks.group().getBytes(StandardCharsets.ISO_8859_1);
        found.add(factory.generateCertificate(new ByteArrayInputStream(block)));
      }
    } catch (GeneralSecurityException e) {
      throw notPem(file, "a certificate in it cannot be read");
    }
    if (found.isEmpty()) {
      throw notPem(file, "there is no certificate in it");
    }
    return found;
  }

  private static PrivateKey privateKey(Path file, String pem, Certificate owner) {
    PemKey key = PemKey.in(pem).orElseThrow(() -> notPem(file, "there is no private key in it"));
    if (key.isEncrypted()) {
      throw notUsable(
          file,
          "its key is encrypted, and there is nobody to ask for the password",
          "'openssl pkey -in %1$s' decrypts it: put that into a file that only you can read"
              .formatted(file));
    }
    if (!key.isKnown()) {
      throw notUsable(
          file,
          "its key is of a form that cannot be read",
          "give one in PKCS #8, PKCS #1 or SEC 1, as openssl writes them");
    }
    return key.read(owner.getPublicKey())
        .orElseThrow(
            () -> notPem(file, "its key cannot be read, or is not that of its certificate"));
  }

  private static Rejected notPem(Path file, String why) {
    return notUsable(file, why, "give a file in PEM");
  }

  private static Rejected notUsable(Path file, String why, String hint) {
    return new Rejected("the certificate file %s is not usable: %s".formatted(file, why), hint);
  }

  /// Trusts everybody, because that was asked for, and names of hosts too.
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
