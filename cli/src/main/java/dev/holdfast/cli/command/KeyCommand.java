package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.EmptyIsUnset;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.access.Keys;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.lock.LockMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "key", description = "Manage the keys (passwords) of the repository")
final class KeyCommand {
  private final Session session;

  KeyCommand(Session session) {
    this.session = session;
  }

  /// What describes a new key.
  static final class NewKey {
    @Option(
        names = "--new-password-file",
        paramLabel = "FILE",
        converter = EmptyIsUnset.class,
        description = "file that holds the new password")
    @Nullable String passwordFile;

    @Option(
        names = "--new-insecure-no-password",
        description = "the new password is empty (insecure)")
    boolean noPassword;

    @Option(names = "--user", paramLabel = "NAME", description = "user name of the new key")
    @Nullable String user;

    @Option(names = "--host", paramLabel = "NAME", description = "host name of the new key")
    @Nullable String host;

    KeyringOptions options(Session session) {
      KeyringOptions usual = session.keyring(noPassword);
      return new KeyringOptions(
          host == null ? usual.hostname() : host,
          user == null ? usual.username() : user,
          usual.scrypt(),
          usual.emptyPasswordAllowed());
    }

    byte[] password(Session session) {
      if (noPassword && passwordFile != null) {
        throw new HoldfastException.Rejected(
            "--new-password-file and --new-insecure-no-password were both given",
            "give one of them");
      }
      return noPassword ? new byte[0] : session.newPassword(Optional.ofNullable(passwordFile));
    }
  }

  @Command(name = "list", description = "List the keys; the one in use is marked with *")
  int list() {
    List<Keys.KeyView> keys;
    PassedOver damaged = new PassedOver(session);
    try (RepositoryAccess access = session.openForReading()) {
      keys = new Keys(access.repository(), session.keyring(true), session.clock()).list(damaged);
    }
    if (session.globals().json()) {
      session.console().line(Json.array(keys.stream().map(this::json).toList()));
      return damaged.status();
    }
    Table table = new Table(" ID", "User", "Host", "Created");
    for (Keys.KeyView key : keys) {
      table.row(
          (key.current() ? "*" : " ") + key.shortId(),
          key.username(),
          key.hostname(),
          Times.local(key.created(), session.clock()));
    }
    session.console().text(table.render());
    return damaged.status();
  }

  private String json(Keys.KeyView key) {
    return Json.object()
        .field("current", key.current())
        .field("id", key.id())
        .field("userName", key.username())
        .field("hostName", key.hostname())
        .field("created", Times.local(key.created(), session.clock()))
        .end();
  }

  @Command(name = "add", description = "Add a password")
  int add(@Mixin NewKey newKey) {
    try (RepositoryAccess access = session.open(Optional.of(LockMode.SHARED))) {
      byte[] password = newKey.password(session);
      Keys keys = new Keys(access.repository(), newKey.options(session), session.clock());
      say("saved new key with ID " + keys.add(password));
    }
    return ExitCode.DONE;
  }

  @Command(name = "passwd", description = "Replace the password in use by another")
  int passwd(@Mixin NewKey newKey) {
    try (RepositoryAccess access = session.open(Optional.of(LockMode.EXCLUSIVE))) {
      byte[] password = newKey.password(session);
      Keys keys = new Keys(access.repository(), newKey.options(session), session.clock());
      say("saved new key as " + keys.changePassword(password));
    }
    return ExitCode.DONE;
  }

  @Command(name = "remove", description = "Remove a key other than the one in use")
  int remove(@Parameters(paramLabel = "ID", description = "start of the key's id") String id) {
    try (RepositoryAccess access = session.open(Optional.of(LockMode.EXCLUSIVE))) {
      Keys keys = new Keys(access.repository(), session.keyring(true), session.clock());
      say("removed key " + keys.remove(id));
    }
    return ExitCode.DONE;
  }

  private void say(String line) {
    if (!session.globals().quiet()) {
      session.console().line(line);
    }
  }
}
