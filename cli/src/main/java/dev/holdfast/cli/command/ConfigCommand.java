package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.ConfigurationShape;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "config", description = "Write, check and describe holdfast.yaml")
final class ConfigCommand {
  private final Session session;

  ConfigCommand(Session session) {
    this.session = session;
  }

  @Command(
      name = "check",
      description =
          "Check holdfast.yaml, and say what is inside each app's boundary and what is not")
  int check(
      @Option(names = "--strict", description = "fail if anything is outside or warned of")
          boolean strict,
      @Parameters(paramLabel = "APP", arity = "0..*", description = "look at these apps only")
          List<String> apps) {
    return new ConfigCheck(session, strict).run(apps == null ? List.of() : new ArrayList<>(apps));
  }

  @Command(
      name = "init",
      description = "Look at folders, one for each app, and write a commented holdfast.yaml")
  int init(
      @Option(names = "--force", description = "replace the file if it exists") boolean force,
      @Parameters(
              paramLabel = "FOLDER",
              arity = "0..*",
              description = "where apps keep their data (default: this folder)")
          List<String> folders) {
    return new ConfigInit(session, force)
        .run(folders == null ? List.of() : new ArrayList<>(folders));
  }

  @Command(name = "schema", description = "Print the JSON Schema of holdfast.yaml")
  int schema() {
    session.console().text(ConfigurationShape.jsonSchema());
    return ExitCode.DONE;
  }
}
