package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.S3Address;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What servers do not take is told so that a person knows what to change.
@Tag("slow")
class S3RefusalTest {
  private static final byte[] BYTES = {1, 2, 3};

  @Test
  void aNameThatNoBucketCanHaveIsNotADefect() throws Exception {
    try (S3Server server = S3Server.inMemory()) {
      for (String name : new String[] {"Big_Bucket", "xx"}) {
        try (ObjectStore store = server.store(name, "")) {
          HoldfastException refused = catchThrowableOfType(HoldfastException.class, store::create);
          assertThat(refused).hasMessageContaining("no bucket can be called '" + name + "'");
          assertThat(refused.hint()).contains("3 to 63");
        }
      }
    }
  }

  @Test
  void aRegionThatTheServerDoesNotHaveIsNamed() throws Exception {
    HoldfastException refused = refused("InvalidLocationConstraint", "s3.region=eu-west-3");

    assertThat(refused).hasMessageContaining("has no region 'eu-west-3'");
    assertThat(refused.hint()).contains("-o s3.region", "AWS_DEFAULT_REGION");
  }

  @Test
  void theOptionsThatAServerMayNotKnowAreNamed() throws Exception {
    HoldfastException refused =
        refused(
            "InvalidArgument",
            "s3.storage-class=cold",
            "s3.server-side-encryption=AES256",
            "s3.object-lock-mode=governance",
            "s3.object-lock-days=400");

    assertThat(refused.hint())
        .contains("-o s3.storage-class=COLD", "-o s3.server-side-encryption=AES256")
        .contains("-o s3.object-lock-mode=governance -o s3.object-lock-days=400")
        .contains("Object Lock must have been enabled when the bucket was created");
    assertThat(refused("InvalidArgument").hint()).doesNotContain("-o", "Object Lock");
  }

  private static HoldfastException refused(String code, String... options) throws Exception {
    try (S3Server server = S3Server.inMemory();
        FaultyNetwork network = new FaultyNetwork(server.port());
        ObjectStore store =
            S3Server.store(new S3Address("127.0.0.1:" + network.port(), true, "b", ""), options)) {
      network.answer(request -> Optional.of(HttpMessage.error("400 Bad Request", code)));
      return catchThrowableOfType(
          HoldfastException.class,
          () ->
              store.put(new ObjectKey(ObjectType.PACK, Hasher.of(BYTES)), ByteBuffer.wrap(BYTES)));
    }
  }
}
