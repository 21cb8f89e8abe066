package dev.holdfast.repository.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnpackedFilesTest {
  private static final byte[] CONTENT = "{\"packs\":[]}\n".getBytes(UTF_8);

  private final SecureRandom random = new SecureRandom();
  private final MasterKey key = MasterKey.generate(random);
  private final MemoryStore store = new MemoryStore();
  private final UnpackedFiles first = new UnpackedFiles(store, key, random, false);
  private final UnpackedFiles second = new UnpackedFiles(store, key, random, true);

  @AfterEach
  void close() {
    first.close();
    second.close();
    key.close();
  }

  /// Version 1 was read before the wait for a lock, and the holder of the lock was a migration.
  @ParameterizedTest
  @EnumSource(names = {"INDEX", "SNAPSHOT", "LOCK", "RECORD"})
  void whoOpenedVersionOneReadsWhatIsWrittenSinceTheMigration(ObjectType type) {
    ObjectKey compressed = second.save(type, CONTENT);

    assertThat(first.load(compressed)).isEqualTo(CONTENT);
  }

  @Test
  void versionTwoReadsWhatWasWrittenBeforeTheMigration() {
    assertThat(second.load(first.save(ObjectType.INDEX, CONTENT))).isEqualTo(CONTENT);
  }

  @Test
  void theConfigIsNeverCompressed() {
    second.save(ObjectType.CONFIG, CONTENT);

    assertThat(first.load(ObjectKey.CONFIG)).isEqualTo(CONTENT);
  }

  @Test
  void aFileOfNoKnownEncodingIsDamaged() {
    assertThatExceptionOfType(Corrupt.class)
        .isThrownBy(() -> first.save(ObjectType.INDEX, new byte[] {3, '{', '}'}))
        .withMessageContaining("first byte 3");
  }
}
