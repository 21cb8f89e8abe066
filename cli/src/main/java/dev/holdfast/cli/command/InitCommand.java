package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.FromRepositoryOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "init", description = "Create a repository")
final class InitCommand implements Callable<Integer> {
  private static final int NEWEST_VERSION = 2;
  private static final int SHOWN_ID_DIGITS = 10;

  private final Session session;

  @Option(
      names = "--repository-version",
      paramLabel = "VERSION",
      defaultValue = "stable",
      description = "format version: 1, 2, latest or stable (default: stable, which is 2)")
  String version = "stable";

  @Option(
      names = "--copy-chunker-params",
      description = "cut files as the other repository does, so that copies share blobs")
  boolean copyChunkerParameters;

  @Mixin FromRepositoryOptions from = new FromRepositoryOptions();

  InitCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (RepositoryAccess access = session.create(number(), polynomial())) {
      if (session.globals().json()) {
        session
            .console()
            .line(
                Json.message("initialized")
                    .field("id", access.id())
                    .field("repository", session.location())
                    .end());
      } else if (!session.globals().quiet()) {
        session
            .console()
            .text(
                """
                created holdfast repository %s at %s

                Please note that knowledge of your password is required to access
                the repository. Losing your password means that your data is
                irrecoverably lost.
                """
                    .formatted(access.id().substring(0, SHOWN_ID_DIGITS), session.location()));
      }
    }
    return ExitCode.DONE;
  }

  private OptionalLong polynomial() {
    if (!copyChunkerParameters) {
      return OptionalLong.empty();
    }
    try (RepositoryAccess other = from.open(session, there -> there.open(Optional.empty()))) {
      return OptionalLong.of(other.chunkerPolynomial());
    }
  }

  private int number() {
    return switch (version) {
      case "stable", "latest", "", "2" -> NEWEST_VERSION;
      case "1" -> 1;
      default ->
          throw new HoldfastException.Rejected(
              "'" + version + "' is no version of the repository format",
              "give 1, 2, latest or stable");
    };
  }
}
