package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.repository.error.HoldfastException;
import java.util.function.Consumer;

/// Tells of each damaged file of the repository that a command passes over: it shows the others,
/// and ends as failed.
final class PassedOver implements Consumer<HoldfastException> {
  private final Session session;
  private boolean any;

  PassedOver(Session session) {
    this.session = session;
  }

  @Override
  public void accept(HoldfastException cause) {
    any = true;
    Failure.of(cause).print(session.console(), session.globals().json());
  }

  /// The exit status of the command.
  int status() {
    return any ? ExitCode.FAILED : ExitCode.DONE;
  }
}
