package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Transient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/// Words what goes wrong with a connection to another machine, and tells what may pass from what
/// will not.
///
/// As long as the other side never answered, a name that is not found or a certificate that is not
/// trusted is a mistake in the address, and nobody should wait a quarter of an hour to learn that.
/// Once it did, the same is an outage. Thread-safe.
public final class ConnectionFailure {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final Pattern PORT = Pattern.compile(":\\d+$");

  private final String server;
  private final String plainPrefix;
  private volatile boolean answered;

  /// @param authority the host, and its port if the address names one
  /// @param encrypted whether the connection is
  /// @param plainPrefix how addresses of unencrypted servers begin
  public ConnectionFailure(String authority, boolean encrypted, String plainPrefix) {
    // A port that was left out is often the mistake.
    this.server =
        PORT.matcher(authority).find()
            ? authority
            : authority + ":" + (encrypted ? HTTPS_PORT : HTTP_PORT);
    this.plainPrefix = plainPrefix;
  }

  /// Notes that the other side answered.
  public void answered() {
    answered = true;
  }

  /// The failure that `thrown` stands for.
  ///
  /// @param doing what was tried
  public HoldfastException of(String doing, IOException thrown) {
    if (Thread.currentThread().isInterrupted() || isInterrupt(thrown)) {
      return new Cancelled("interrupted while trying to " + doing);
    }
    if (!answered) {
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        switch (cause) {
          case UnknownHostException _ -> {
            return new InputOutput(
                "there is no host '%s', or its name cannot be looked up"
                    .formatted(PORT.matcher(server).replaceFirst("")),
                "check the address and the network of this machine",
                thrown);
          }
          case CertificateException _, CertPathBuilderException _, CertPathValidatorException _ -> {
            return untrusted(thrown);
          }
          case SSLException _ when !hasCause(thrown, CertificateException.class) -> {
            return noTls(thrown, cause);
          }
          default -> {}
        }
      }
    }
    if (hasCause(thrown, ConnectException.class)) {
      return new Transient(
          "cannot %s: %s cannot be reached: %s".formatted(doing, server, whyNot(thrown)), thrown);
    }
    if (hasCause(thrown, SocketTimeoutException.class)) {
      return new Transient("cannot %s: %s does not answer".formatted(doing, server), thrown);
    }
    return new Transient(
        "cannot %s: the connection to %s broke: %s".formatted(doing, server, reason(thrown)),
        thrown);
  }

  private static boolean isInterrupt(IOException thrown) {
    return thrown instanceof ClosedByInterruptException
        || (thrown instanceof InterruptedIOException
            && !(thrown instanceof SocketTimeoutException));
  }

  private HoldfastException noTls(IOException thrown, Throwable cause) {
    if (isCertificate(thrown)) {
      return untrusted(thrown);
    }
    if (!(cause instanceof SSLHandshakeException) && isBroken(thrown)) {
      return new Transient("the connection to " + server + " broke: " + reason(thrown), thrown);
    }
    return new InputOutput(
        "no encrypted connection to %s could be made: %s".formatted(server, cause.getMessage()),
        "if it does not speak TLS, write its address with "
            + plainPrefix
            + "; if it wants a certificate of its clients, name one with --tls-client-cert",
        thrown);
  }

  private static boolean isBroken(IOException thrown) {
    return hasCause(thrown, java.net.SocketException.class)
        || hasCause(thrown, java.io.EOFException.class);
  }

  private static boolean isCertificate(Throwable thrown) {
    return hasCause(thrown, CertificateException.class)
        || hasCause(thrown, CertPathBuilderException.class)
        || hasCause(thrown, CertPathValidatorException.class);
  }

  private InputOutput untrusted(IOException thrown) {
    return new InputOutput(
        "the certificate of %s is not trusted: %s".formatted(server, reason(thrown)),
        certificateHint(thrown),
        thrown);
  }

  private static String certificateHint(IOException thrown) {
    Throwable inner = innermost(thrown);
    if (inner instanceof CertificateExpiredException
        || inner instanceof CertificateNotYetValidException) {
      return "renew it, or set the clock of this machine";
    }
    // What is wrong with its chain has a class of its own; what is left is the host's name.
    return inner.getClass() == CertificateException.class
        ? "use a name of the host that the certificate is for"
        : "name the certificate of the authority that signed it with --cacert";
  }

  private static boolean hasCause(Throwable thrown, Class<? extends Throwable> kind) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /// Java's own client tries once more to connect where it was refused, on a channel that is closed
  /// by then, and tells of that.
  private static String whyNot(IOException thrown) {
    return hasCause(thrown, ClosedChannelException.class) ? "Connection refused" : reason(thrown);
  }

  /// What the innermost failure says.
  private static String reason(Throwable thrown) {
    Throwable inner = innermost(thrown);
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : message;
  }

  private static Throwable innermost(Throwable thrown) {
    Throwable inner = thrown;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
