package dev.holdfast.cli.command;

import dev.holdfast.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A repository, a folder, and a place for an archive of the folder.
abstract class ArchiveOfAFolderTest {
  @TempDir Path scratch;

  Path app = Path.of("");
  Run run = Run.at(app);

  @BeforeEach
  void makeRepositoryAndFolder() throws Exception {
    app = Files.createDirectory(scratch.resolve("app"));
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
  }
}
