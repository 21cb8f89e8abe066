package dev.holdfast.repository.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every kind of damage to every kind of file of a repository that restic made: whatever restic's
/// `check --read-data` finds, the checker finds.
@Tag("slow")
class CheckAgainstResticTest {
  private static final String PASSWORD = "secret";
  private static final Set<String> SHORTENING = Set.of("truncate", "empty", "remove");

  @TempDir static Path scratch;
  private static Path pristine;

  @BeforeAll
  static void makeRepository() throws Exception {
    Path source = Files.createDirectories(scratch.resolve("source/sub"));
    byte[] noise = new byte[2 << 20];
    new Random(3).nextBytes(noise);
    Files.write(source.resolve("noise"), noise);
    pristine = scratch.resolve("pristine");
    ResticProgram restic = new ResticProgram(pristine, PASSWORD);
    restic.init(2);
    restic.run("backup", source.getParent().toString()).succeeded();
    Files.writeString(source.resolve("second"), "more");
    restic.run("backup", source.getParent().toString()).succeeded();
  }

  @ParameterizedTest
  @CsvSource({
    "INDEX,truncate",
    "INDEX,flip",
    "INDEX,empty",
    "INDEX,remove",
    "INDEX,swap",
    "INDEX,duplicate",
    "SNAPSHOT,truncate",
    "SNAPSHOT,flip",
    "SNAPSHOT,empty",
    "SNAPSHOT,remove",
    "SNAPSHOT,swap",
    "SNAPSHOT,duplicate",
    "PACK,truncate",
    "PACK,flip",
    "PACK,empty",
    "PACK,remove",
    "PACK,swap",
    "PACK,duplicate",
    "CONFIG,truncate",
    "CONFIG,flip",
    "CONFIG,empty",
    "CONFIG,remove",
  })
  void damageIsFoundByBoth(ObjectType type, String damage) throws Exception {
    Path repository = scratch.resolve(type + "-" + damage);
    Command.of("cp", "-a", pristine.toString(), repository.toString()).run().succeeded();
    Command.of("chmod", "-R", "u+w", repository.toString()).run().succeeded();
    damage(files(repository, type), damage);

    // restic tries for most of a minute to read what is not there; it finds that by listing, too.
    boolean listingShowsIt = type == ObjectType.PACK && SHORTENING.contains(damage);
    ResticProgram restic = new ResticProgram(repository, PASSWORD);
    boolean resticIsHappy =
        (listingShowsIt ? restic.run("check") : restic.run("check", "--read-data")).exitCode() == 0;
    assertThat(isHealthy(repository))
        .as("restic is happy: %s", resticIsHappy)
        .isEqualTo(resticIsHappy);
  }

  private static boolean isHealthy(Path path) {
    try (Repository repository =
        Repository.open(
            new LocalStore(path), PASSWORD.getBytes(StandardCharsets.UTF_8), OpenOptions.DEFAULT)) {
      CheckOptions options = CheckOptions.DEFAULT.withReadData(new ReadData.All());
      return new Checker(repository, new SecureRandom()).check(options, event -> {}).isHealthy();
    } catch (HoldfastException refusedToOpen) {
      return false;
    }
  }

  private static List<Path> files(Path repository, ObjectType type) {
    if (type == ObjectType.CONFIG) {
      return List.of(repository.resolve("config"));
    }
    List<ObjectInfo> found = new ArrayList<>();
    new LocalStore(repository).list(type, found::add);
    return found.stream()
        .sorted(Comparator.comparingLong(ObjectInfo::lengthBytes))
        .map(info -> repository.resolve(info.key().path()))
        .toList();
  }

  private static void damage(List<Path> files, String damage) throws IOException {
    Path victim = files.getLast();
    byte[] content = Files.readAllBytes(victim);
    switch (damage) {
      case "truncate" -> Files.write(victim, Arrays.copyOf(content, content.length / 2));
      case "flip" -> {
        content[content.length / 2] ^= 1;
        Files.write(victim, content);
      }
      case "empty" -> Files.write(victim, new byte[0]);
      case "remove" -> Files.delete(victim);
      case "swap" -> {
        // Cut or filled up to the old lengths, which would give it away.
        byte[] other = Files.readAllBytes(files.getFirst());
        Files.write(victim, Arrays.copyOf(other, content.length));
        Files.write(files.getFirst(), Arrays.copyOf(content, other.length));
      }
      case "duplicate" -> {
        // The same bytes under a name that is not their hash.
        String name = victim.getFileName().toString();
        String other = name.substring(0, 2) + name.substring(2).replace('0', '1');
        Files.write(victim.resolveSibling(other), content);
      }
      default -> throw new IllegalArgumentException(damage);
    }
  }
}
