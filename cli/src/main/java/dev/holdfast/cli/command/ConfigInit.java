package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import java.util.List;

/// What `config init` does.
final class ConfigInit {
  private final Session session;
  private final boolean force;

  ConfigInit(Session session, boolean force) {
    this.session = session;
    this.force = force;
  }

  int run(List<String> folders) {
    session.notice(force + " " + folders);
    return ExitCode.FAILED;
  }
}
