package dev.holdfast.engine.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Directories of processes that were killed go, and no others.
class PrivateDirectoryTest {
  private static final String KIND = "holdfast-test-";

  /// Makes one, says where, and waits until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      PrivateDirectory made = PrivateDirectory.in(Path.of(arguments[0]), KIND);
      Files.createSymbolicLink(made.path().resolve("image.duckdb"), Path.of("/proc/self/fd/9"));
      Files.writeString(Files.createDirectory(made.path().resolve("spill")).resolve("x"), "x");
      System.out.println(made.path());
      int end = System.in.read();
      made.close();
      System.exit(end);
    }
  }

  @TempDir Path place;

  @Test
  void whatAKilledProcessHasLeftIsRemovedAndWhatALivingOneHasIsNot() throws Exception {
    Process other = Command.ofMain(Holder.class, place.toString()).start();
    try (BufferedReader said = other.inputReader();
        PrivateDirectory own = PrivateDirectory.in(place, KIND)) {
      Path theirs = Path.of(String.valueOf(said.readLine()));
      assertThat(theirs.resolve("image.duckdb")).isSymbolicLink();

      PrivateDirectory.removeAbandoned(place, KIND);

      assertThat(theirs.resolve("spill/x")).exists();
      assertThat(own.path()).exists();

      other.destroyForcibly().waitFor();
      PrivateDirectory.removeAbandoned(place, KIND);

      assertThat(theirs).doesNotExist();
      assertThat(own.path()).exists();
    } finally {
      other.destroyForcibly();
    }
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void aLockWithoutADirectoryGoesTooAndWhatHasNoLockIsLeftAlone() throws IOException {
    Path lock = Files.createFile(place.resolve(KIND + "1.lock"));
    Path unlocked = Files.createDirectory(place.resolve(KIND + "2"));
    Path elsewhere = Files.createFile(place.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(place.resolve(KIND + "3.lock"), elsewhere);

    PrivateDirectory.removeAbandoned(place, KIND);

    assertThat(lock).doesNotExist();
    assertThat(unlocked).exists();
    assertThat(elsewhere).exists();
    assertThat(link).isSymbolicLink();
  }
}
