package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;

final class OpenSslPrimitivesTest implements PrimitivesContract {
  @Override
  public Primitives primitives() {
    OpenSsl library = OpenSsl.load(OpenSsl.LIBRARY);
    return library == null ? abort("this system has no OpenSSL 3") : new OpenSslPrimitives(library);
  }

  @Test
  void libraryThatIsMissingOrLacksAFunctionIsNotUsed() {
    assertThat(OpenSsl.load("libcrypto.so.missing")).isNull();
    assertThat(OpenSsl.load("libc.so.6")).isNull();
  }

  @Test
  void nothingIsUsedAfterItWasClosed() {
    byte[] bytes = new byte[64];
    Primitives.CounterMode counterMode = primitives().aes256Counter(new byte[32]);
    Primitives.BlockCipher block = primitives().aes128(new byte[16]);
    Primitives.Authenticator authenticator = primitives().poly1305();
    counterMode.close();
    counterMode.close();
    block.close();
    authenticator.close();
    assertThatThrownBy(() -> counterMode.crypt(bytes, bytes, 0, 1, bytes, 32))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> block.encrypt(bytes, bytes, 16))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> authenticator.tag(bytes, bytes, 0, 1, bytes, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rangesOutsideTheirArraysAreRefused() {
    byte[] bytes = new byte[64];
    Primitives.Digest digest = primitives().sha256();
    assertThatThrownBy(() -> digest.update(bytes, 60, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> digest.end(bytes, 40)).isInstanceOf(IndexOutOfBoundsException.class);
    try (Primitives.CounterMode cipher = primitives().aes256Counter(new byte[32])) {
      assertThatThrownBy(() -> cipher.crypt(bytes, bytes, 0, 30, bytes, 40))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
