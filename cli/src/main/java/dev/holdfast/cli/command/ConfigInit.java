package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.config.ConfigurationFile;
import dev.holdfast.engine.config.survey.FirstConfiguration;
import dev.holdfast.engine.config.survey.Survey;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// What `config init` does: looks at folders and writes a first `holdfast.yaml`, into the working
/// directory or where `--config` says.
final class ConfigInit {
  private final Session session;
  private final boolean force;

  ConfigInit(Session session, boolean force) {
    this.session = session;
    this.force = force;
  }

  int run(List<String> folders) {
    Path file =
        Path.of(
            session
                .namedConfiguration()
                .orElseGet(
                    () -> UnixPath.join(session.workingDirectory(), ConfigurationFile.NAME)));
    if (!force && Files.exists(file)) {
      throw exists(file);
    }
    List<Survey> surveys = new ArrayList<>();
    for (String folder : folders.isEmpty() ? List.of(".") : folders) {
      surveys.add(Survey.of(root(folder), session.engines()));
    }
    write(file, FirstConfiguration.of(surveys));
    report(file, surveys);
    return ExitCode.DONE;
  }

  private String root(String folder) {
    String root = UnixPath.absolute(session.workingDirectory(), folder);
    if (!OsString.isValidUtf8(root)) {
      throw new HoldfastException.Unsupported(
          "the folder " + OsString.display(root) + " has a name that is not UTF-8",
          "the root of an app is text: rename it, or use its parent with a pattern such as \\xNN");
    }
    try {
      FileStat stat = Posix.stat(root);
      if (!stat.isDirectory()) {
        throw new HoldfastException.Rejected(
            OsString.display(root) + " is not a folder",
            "name the folder that the app's data is in");
      }
      return root;
    } catch (PosixException e) {
      throw new HoldfastException.NotFound(
          "the folder " + OsString.display(root) + " cannot be looked at: " + e.getMessage(),
          "name the folder that the app's data is in");
    }
  }

  private void write(Path file, String text) {
    try {
      if (force) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(file);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the configuration " + file + " cannot be written: " + Reason.of(e),
          "name another place with --config",
          e);
    }
  }

  private static HoldfastException.AlreadyExists exists(Path file) {
    return new HoldfastException.AlreadyExists(
        "the configuration " + file + " exists already", "--force replaces it");
  }

  private void report(Path file, List<Survey> surveys) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("config_init")
                  .field("file", file.toString())
                  .raw("apps", Json.array(surveys.stream().map(ConfigInit::json).toList()))
                  .end());
      return;
    }
    if (session.globals().quiet()) {
      return;
    }
    for (Survey survey : surveys) {
      session.console().line("app " + survey.app() + " in " + survey.root());
      for (Survey.Proposal source : survey.sources()) {
        session.console().line("  %s: %s".formatted(source.name(), source.path()));
      }
      if (!survey.complete()) {
        session.console().line("  not all of the folder could be looked at");
      }
    }
    session
        .console()
        .line("wrote " + file + ": read it, and see what 'holdfast config check' says");
  }

  private static String json(Survey survey) {
    List<String> sources = new ArrayList<>();
    for (Survey.Proposal source : survey.sources()) {
      sources.add(Json.object().field("name", source.name()).field("path", source.path()).end());
    }
    return Json.object()
        .field("name", survey.app())
        .field("root", survey.root())
        .raw("sources", Json.array(sources))
        .field("complete", survey.complete())
        .end();
  }
}
