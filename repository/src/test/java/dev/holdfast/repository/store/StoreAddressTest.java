package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"/srv/repo", "srv/repo", "../repo", "repo", "/srv/a:b", "../a:b"})
  void aPathIsAFolder(String address) {
    assertThat(StoreAddress.parse(address)).isEqualTo(new StoreAddress.Local(Path.of(address)));
  }

  @Test
  void whatFollowsLocalIsAFolderWhateverItHolds() {
    assertThat(StoreAddress.parse("local:/srv/repo"))
        .isEqualTo(new StoreAddress.Local(Path.of("/srv/repo")));
    assertThat(StoreAddress.parse("local:s3:repo"))
        .isEqualTo(new StoreAddress.Local(Path.of("s3:repo")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b2:secret:path",
        "azure:secret:/",
        "gs:secret:/",
        "swift:secret:/",
        "rclone:secret:path"
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

  @ParameterizedTest
  @CsvSource({
    "rest:http://host:8000, http://host:8000/, ",
    "rest:http://host:8000/a/b, http://host:8000/a/b/, ",
    "rest:HTTPS://host/a/, https://host/a/, ",
    "rest:https://ann:s%40c@host/, https://host/, ann:s@c",
    "rest:http://[::1]:8000/x, http://[::1]:8000/x/, "
  })
  void aRestServerIsReadAsResticReadsIt(String address, String base, @Nullable String login) {
    StoreAddress parsed = StoreAddress.parse(address);
    assertThat(parsed)
        .isEqualTo(new RestAddress(URI.create(base), Optional.ofNullable(login)))
        .hasToString("rest:" + base);
  }

  @ParameterizedTest
  @CsvSource({
    "sftp:host:/a//b/, , host, 0, /a/b",
    "sftp:ann@host:a/./b, ann, host, 0, a/b",
    "sftp:ann@corp@host:, ann@corp, host, 0, .",
    "sftp://ann@host:2222//a/b, ann, host, 2222, /a/b",
    "sftp://host/a, , host, 0, a",
    "sftp://[::1]//a, , ::1, 0, /a"
  })
  void aFolderBehindSshIsReadAsResticReadsIt(
      String address, @Nullable String user, String host, int port, String folder) {
    assertThat(StoreAddress.parse(address))
        .isEqualTo(
            new SftpAddress(
                Optional.ofNullable(user),
                host,
                Optional.of(port).filter(number -> number > 0),
                folder));
  }

  @Test
  void sshIsCalledAsResticCallsIt() {
    SftpAddress address = (SftpAddress) StoreAddress.parse("sftp://ann@host:2222//a");
    assertThat(address.sshCommand(List.of("-i", "key")))
        .containsExactly("ssh", "host", "-p", "2222", "-l", "ann", "-i", "key", "-s", "sftp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rest:host/secret",
        "rest:ftp://host/secret",
        "rest:https:///secret",
        "rest:",
        "rest:http://host/?secret",
        "rest:http://ho st/secret",
        "sftp:host",
        "sftp:/secret",
        "sftp:-oProxyCommand=secret:/x",
        "sftp:-lsecret@host:/x",
        "sftp:@host:/secret",
        "sftp:host:~/secret",
        "sftp://ann:secret@host/x",
        "sftp://host",
        "sftp://host:70000//secret",
        "sftp:ho st:/secret"
      })
  void whatNamesNoServerIsRejectedAndStaysSecret(String address) {
    assertThatThrownBy(() -> StoreAddress.parse(address))
        .isInstanceOf(Rejected.class)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rest:http://my_host:8000/",
        "rest:https://ann:secret@my_host/x",
        "s3:http://my_host:9000/bucket",
        "s3:my_host/bucket"
      })
  void hostThatCannotBeReachedForItsNameIsNamed(String address) {
    assertThatThrownBy(() -> StoreAddress.parse(address))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("the host 'my_host")
        .hasMessageContaining("underscore")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "s3:host/bucket, host, false, bucket, ''",
    "s3:host/bucket/, host, false, bucket, ''",
    "s3:host/bucket/prefix/directory, host, false, bucket, prefix/directory",
    "s3:host/bucket//a/./b/../c/, host, false, bucket, a/c",
    "s3:host/bucket/../x, host, false, bucket, x",
    "s3://host/bucket/prefix, host, false, bucket, prefix",
    "s3:host:9000/bucket, host:9000, false, bucket, ''",
    "s3:https://host:9000/bucket/foobar, host:9000, false, bucket, foobar",
    "s3:http://host:9000/bucket, host:9000, true, bucket, ''",
    "S3:s3.eu-central-1.amazonaws.com/my.bucket, s3.eu-central-1.amazonaws.com, false, my.bucket, ''"
  })
  void aBucketIsReadAsResticReadsIt(
      String address, String host, boolean plainHttp, String bucket, String prefix) {
    assertThat(StoreAddress.parse(address))
        .isEqualTo(new S3Address(host, plainHttp, bucket, prefix));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3:secret",
        "s3:",
        "s3:/bucket/secret",
        "s3:host/",
        "s3:host//secret",
        "s3:http://host",
        "s3:http:///secret",
        "s3:https://key:secret@host/bucket",
        "s3:host/buck et/secret"
      })
  void whatNamesNoBucketIsRejectedAndStaysSecret(String address) {
    assertThatThrownBy(() -> StoreAddress.parse(address))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("S3 address")
        .hasMessageNotContaining("secret");
  }

  @Test
  void credentialsAreNotShown() {
    assertThat(StoreAddress.shown("rest:https://me:s3@cret@host:8000/a@b/"))
        .isEqualTo("rest:https://host:8000/a@b/");
    assertThat(StoreAddress.shown("rest:http://me@host/")).isEqualTo("rest:http://host/");
    assertThat(StoreAddress.shown("s3:https://key:secret@host/b")).isEqualTo("s3:https://host/b");
    assertThat(StoreAddress.shown("sftp://me:secret@host:22//x")).isEqualTo("sftp://host:22//x");
    for (String plain :
        List.of("sftp://me@host:22//x", "sftp:me@host:/x", "s3:host:9/b/a:b@c", "/x:y@z", "rel")) {
      assertThat(StoreAddress.shown(plain)).isEqualTo(plain);
    }
  }
}
