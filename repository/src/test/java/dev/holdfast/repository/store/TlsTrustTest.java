package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of a certificate and its key, in all forms that `openssl` writes.
class TlsTrustTest {
  @TempDir Path folder;

  private String openssl(String arguments) {
    return Command.of("openssl")
        .with(arguments.split(" ", -1))
        .in(folder)
        .run()
        .succeeded()
        .output();
  }

  private void make(String algorithm) {
    openssl(
        "req -x509 -nodes -days 2 -subj /CN=me -keyout pkcs8.key -out cert.pem -newkey "
            + algorithm);
  }

  /// The key that would be shown, with what is in these files.
  private PrivateKey shown(String... files) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String file : files) {
      all.append(Files.readString(folder.resolve(file)));
    }
    Path both = Files.writeString(folder.resolve("both.pem"), all);
    TlsTrust trust =
        TlsTrust.of(
            new Connecting(
                List.of(),
                Optional.of(both),
                false,
                Optional.empty(),
                Connecting.STUCK_AFTER,
                Map.of()));
    KeyManager[] managers = Objects.requireNonNull(trust.keyManagers());
    X509KeyManager manager = (X509KeyManager) managers[0];
    return manager.getPrivateKey("client");
  }

  @Test
  void keyInTheOldFormOfRsaIsThatOfPkcs8() throws IOException {
    make("rsa:2048");
    Files.writeString(folder.resolve("pkcs1.key"), openssl("rsa -in pkcs8.key -traditional"));
    assertThat(folder.resolve("pkcs1.key")).content().contains("BEGIN RSA PRIVATE KEY");

    PrivateKey key = shown("cert.pem", "pkcs1.key");

    assertThat(key.getEncoded()).isEqualTo(shown("cert.pem", "pkcs8.key").getEncoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prime256v1", "secp384r1", "secp521r1"})
  void keyInTheOldFormOfEllipticCurvesIsThatOfPkcs8(String curve) throws IOException {
    make("ec -pkeyopt ec_paramgen_curve:" + curve);
    Files.writeString(
        folder.resolve("sec1.key"),
        openssl("ecparam -name " + curve) + openssl("ec -in pkcs8.key"));
    assertThat(folder.resolve("sec1.key"))
        .content()
        .contains("BEGIN EC PARAMETERS", "BEGIN EC PRIVATE KEY");

    PrivateKey key = shown("sec1.key", "cert.pem");

    ECPrivateKey same = (ECPrivateKey) shown("cert.pem", "pkcs8.key");
    assertThat(((ECPrivateKey) key).getS()).isEqualTo(same.getS());
    assertThat(((ECPrivateKey) key).getParams().getCurve()).isEqualTo(same.getParams().getCurve());
  }

  @Test
  void whatCannotBeReadSaysHowItCanBeTurnedIntoSomethingElse() throws IOException {
    make("rsa:2048");
    for (String form : new String[] {"-traditional", ""}) {
      Files.writeString(
          folder.resolve("secret.key"),
          openssl(("rsa -in pkcs8.key -aes128 -passout pass:secret " + form).strip()));
      assertThatThrownBy(() -> shown("cert.pem", "secret.key"))
          .isInstanceOf(Rejected.class)
          .hasMessageContaining("its key is encrypted")
          .extracting(thrown -> ((Rejected) thrown).hint())
          .asString()
          .contains("'openssl pkey -in " + folder.resolve("both.pem") + "'");
    }
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "ssh.key")
        .in(folder)
        .run()
        .succeeded();
    assertThatThrownBy(() -> shown("cert.pem", "ssh.key"))
        .hasMessageContaining("of a form that cannot be read");
    Files.writeString(
        folder.resolve("cut.key"),
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\n");
    assertThatThrownBy(() -> shown("cert.pem", "cut.key")).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> shown("cert.pem")).hasMessageContaining("there is no private key");
  }
}
