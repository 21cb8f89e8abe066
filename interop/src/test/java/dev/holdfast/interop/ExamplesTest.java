package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The walkthroughs of the examples, as a person runs them.
@Tag("slow")
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final int SERVER_VERSION = 15;

  private static Command walkthrough(String example) {
    return Command.of(EXAMPLES.resolve(example).resolve("walkthrough").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dodeka", "kestrel", "hitkeep"})
  void walkthroughOfFilesAndDatabasesInFilesIsComplete(String example) {
    String output = walkthrough(example).run().succeeded().output();
    assertThat(output).endsWith("The walkthrough is complete.\n");
  }

  @Test
  void walkthroughOfAServerIsComplete() {
    try (PostgresServerProcess server = PostgresServerProcess.start(SERVER_VERSION)) {
      String output =
          walkthrough("tracearr")
              .withEnvironment("PGHOST", server.folder().toString())
              .withEnvironment("PGPORT", Integer.toString(server.port()))
              .withEnvironment("PGUSER", PostgresServerProcess.USER)
              .run()
              .succeeded()
              .output();
      assertThat(output).endsWith("The walkthrough is complete.\n");
    }
  }

  @Test
  void everyExampleIsWalkedThrough() throws IOException {
    try (Stream<Path> folders = Files.list(EXAMPLES)) {
      assertThat(folders.filter(Files::isDirectory).map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("dodeka", "kestrel", "hitkeep", "tracearr");
    }
  }
}
