package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Print the version of Holdfast and of the Java it runs on")
final class VersionCommand implements Callable<Integer> {
  private final Session session;

  VersionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.version", "?");
    String system = System.getProperty("os.name", "?").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "?");
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("version")
                  .field("version", session.version())
                  .field("java_version", java)
                  .field("os", system)
                  .field("arch", processor)
                  .end());
    } else {
      session
          .console()
          .line(
              "holdfast %s running on Java %s on %s/%s"
                  .formatted(session.version(), java, system, processor));
    }
    return ExitCode.DONE;
  }
}
