package dev.holdfast.repository.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.testkit.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store on a disk that is too small, or cannot be written. Needs the right to mount one.
class LocalStoreBadDiskTest {
  @TempDir Path mount;
  private @Nullable Mount disk;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    disk = Mount.smallDisk(mount, "4m").orElse(null);
    assumeTrue(disk != null, "a small disk can only be mounted by root");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLeftBehind() throws IOException {
    LocalStore store = new LocalStore(mount);
    store.create();
    byte[] small = Stored.bytes(1, 1 << 20);
    ObjectKey kept = Stored.put(store, ObjectType.PACK, small);

    assertThatThrownBy(() -> Stored.put(store, ObjectType.PACK, Stored.bytes(2, 8 << 20)))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining(mount.toString())
        .satisfies(
            e -> assertThat(((InputOutput) e).hint()).contains("free space").contains("data"));

    assertThat(store.get(kept)).isEqualTo(small);
    assertThat(Stored.list(store, ObjectType.PACK)).hasSize(1);
    try (Stream<Path> files = Files.walk(mount)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
    Stored.put(store, ObjectType.PACK, Stored.bytes(3, 1 << 20));
  }

  @Test
  void aDiskThatCannotBeWrittenIsNamed() throws Exception {
    LocalStore store = new LocalStore(mount);
    store.create();
    ObjectKey there = Stored.put(store, ObjectType.KEY, Stored.bytes(1, 10));
    requireNonNull(disk).remount("ro");

    assertThatThrownBy(() -> Stored.put(store, ObjectType.KEY, Stored.bytes(2, 10)))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining("cannot write " + mount);
    assertThatThrownBy(() -> store.delete(there))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining("cannot delete " + mount);
    assertThat(store.exists(there)).isTrue();
  }
}
