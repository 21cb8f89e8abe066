package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store on a disk that is too small, or cannot be written. Needs the right to mount one.
class LocalStoreBadDiskTest {
  @TempDir Path mount;
  private boolean mounted;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    mounted =
        run("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", mount.toString()) == 0;
    assumeTrue(mounted, "a small disk can only be mounted by root");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", mount.toString())).isZero();
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
    assertThat(run("mount", "-o", "remount,ro", mount.toString())).isZero();

    assertThatThrownBy(() -> Stored.put(store, ObjectType.KEY, Stored.bytes(2, 10)))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining("cannot write " + mount);
    assertThatThrownBy(() -> store.delete(there))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining("cannot delete " + mount);
    assertThat(store.exists(there)).isTrue();
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      return -1; // there is no such program
    }
  }
}
