package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"/srv/repo", "srv/repo", "../repo", "repo", "/srv/a:b", "../a:b"})
  void aPathIsAFolder(String address) {
    assertThat(StoreAddress.parse(address).root()).isEqualTo(Path.of(address));
  }

  @Test
  void whatFollowsLocalIsAFolderWhateverItHolds() {
    assertThat(StoreAddress.parse("local:/srv/repo").root()).isEqualTo(Path.of("/srv/repo"));
    assertThat(StoreAddress.parse("local:s3:repo").root()).isEqualTo(Path.of("s3:repo"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3:https://key:secret@host/bucket",
        "rest:https://user:secret@host/",
        "sftp:user@host:/secret",
        "b2:secret:path",
        "azure:secret:/",
        "gs:secret:/",
        "swift:secret:/",
        "rclone:secret:path",
        "S3:secret"
      })
  void theOtherStoragesOfResticAreUnsupportedAndTheirAddressesStaySecret(String address) {
    assertThatThrownBy(() -> StoreAddress.parse(address))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("'" + address.substring(0, 2).toLowerCase(Locale.ROOT))
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "local:", "ftp://host/x", "a\0b"})
  void whatIsNoAddressIsRejected(String address) {
    assertThatThrownBy(() -> StoreAddress.parse(address)).isInstanceOf(Rejected.class);
  }
}
