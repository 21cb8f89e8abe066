package dev.holdfast.repository.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What restic backed up comes back through the restorer as it was.
class RestoreOfResticRepositoryTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void treeThatResticBackedUpComesBackAsItWas(int version) throws Exception {
    Path source = makeTree();
    ResticProgram restic = new ResticProgram(scratch.resolve("repository"), "secret");
    restic.init(version);
    restic.run("backup", source.toString()).succeeded();

    Path target = scratch.resolve("target");
    List<RestoreEvent> events = new ArrayList<>();
    RestoreResult result;
    try (Repository repository =
        Repository.open(
            new LocalStore(restic.repository()),
            "secret".getBytes(StandardCharsets.UTF_8),
            OpenOptions.DEFAULT)) {
      BlobId root = repository.findSnapshot("latest", SnapshotFilter.ALL).snapshot().tree();
      BlobId tree = TreePath.find(repository, root, source.toString());
      result =
          new Restorer(repository)
              .restore(
                  tree, target.toString(), RestoreOptions.DEFAULT.withVerify(true), events::add);
    }
    assertThat(events).noneMatch(RestoreEvent.Found.class::isInstance);
    assertThat(result.isComplete()).isTrue();
    assertThat(listing(target)).isEqualTo(listing(source));
    Command.of("diff", "-r", "--no-dereference", source.toString(), target.toString())
        .with("--exclude=fifo", "--exclude=device")
        .run()
        .succeeded();
  }

  private Path makeTree() throws IOException {
    Path source = Files.createDirectories(scratch.resolve("source"));
    String script =
        """
        set -e
        mkdir -p empty deep/er/still 'na"me\\x'
        echo content > deep/er/still/file
        : > empty-file
        ln deep/er/still/file hard
        ln -s nowhere dangling
        printf x > "$(printf 'bad\\377name')"
        printf y > "$(printf 'line\\nbreak')"
        mkfifo fifo
        truncate -s 3M holes
        chmod 4711 empty-file
        chmod 2750 deep
        chmod 1777 empty
        touch -d '1969-05-06 07:08:09.123456789' hard
        touch -d '2031-01-01' empty
        [ "$(id -u)" != 0 ] || mknod device c 1 3
        [ "$(id -u)" != 0 ] || chown 1234:4321 empty-file
        """;
    Command.of("bash", "-c", script).in(source).run().succeeded();
    byte[] noise = new byte[5 << 20];
    new Random(7).nextBytes(noise);
    Files.write(source.resolve("noise"), noise);
    return source;
  }

  /// Everything but the root: kind, mode, owner, links, time, link target, device number.
  private static String listing(Path root) {
    String script =
        """
        find . -mindepth 1 -printf '%P|%y|%m|%U|%G|%n|%T@|%l\\n' | sort
        [ ! -e device ] || stat -c '%t:%T' device
        """;
    return Command.of("bash", "-c", script).in(root).run().succeeded().output();
  }
}
