package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/// What people are told of connections that fail.
class ConnectionFailureTest {
  private static String told(String authority, boolean encrypted, IOException thrown) {
    HoldfastException failure =
        new ConnectionFailure(authority, encrypted, "rest:http://").of("list keys", thrown);
    return String.valueOf(failure.getMessage());
  }

  @Test
  void portIsToldAlsoWhereTheAddressLeftItOut() {
    IOException refused = new ConnectException("Connection refused");
    assertThat(told("backup.example:8000", true, refused))
        .isEqualTo("cannot list keys: backup.example:8000 cannot be reached: Connection refused");
    assertThat(told("backup.example", true, refused)).contains("backup.example:443 cannot");
    assertThat(told("backup.example", false, refused)).contains("backup.example:80 cannot");
    assertThat(told("[::1]", false, refused)).contains("[::1]:80 cannot");
    assertThat(told("[::1]:9", false, new SocketTimeoutException()))
        .contains("[::1]:9 does not answer");
  }

  @Test
  void refusalThatJavaTriedAgainOnAClosedChannelIsToldAsOne() {
    IOException refused = new ConnectException();
    refused.initCause(new ClosedChannelException());
    assertThat(told("backup.example:1", false, refused))
        .endsWith("backup.example:1 cannot be reached: Connection refused");
  }

  @Test
  void hintAboutACertificateIsAboutWhatIsWrongWithIt() {
    assertThat(hint(new CertificateException("No name matching backup.example found")))
        .contains("a name of the host");
    assertThat(hint(new CertificateExpiredException("NotAfter: yesterday"))).contains("renew it");
    assertThat(hint(new CertPathBuilderException("no path"))).contains("--cacert");
  }

  private static String hint(GeneralSecurityException cause) {
    IOException thrown = new SSLHandshakeException("handshake");
    thrown.initCause(new IllegalStateException(cause));
    HoldfastException failure =
        new ConnectionFailure("backup.example", true, "rest:http://").of("list keys", thrown);
    assertThat(failure).hasMessageStartingWith("the certificate of backup.example:443 is not");
    return failure.hint();
  }

  @Test
  void hostThatDoesNotExistIsToldWithoutAPort() {
    assertThat(told("backup.example:8000", true, new UnknownHostException()))
        .isEqualTo("there is no host 'backup.example', or its name cannot be looked up");
  }
}
