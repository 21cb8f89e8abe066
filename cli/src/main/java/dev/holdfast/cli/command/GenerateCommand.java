package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.EmptyIsUnset;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "generate", description = "Write shell completions and manual pages")
final class GenerateCommand implements Callable<Integer> {
  private final Session session;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--bash-completion",
      paramLabel = "FILE",
      converter = EmptyIsUnset.class,
      description = "write bash completion to this file, - for standard output")
  @Nullable String bash;

  @Option(
      names = "--zsh-completion",
      paramLabel = "FILE",
      converter = EmptyIsUnset.class,
      description = "write zsh completion to this file, - for standard output")
  @Nullable String zsh;

  @Option(
      names = "--fish-completion",
      paramLabel = "FILE",
      converter = EmptyIsUnset.class,
      description = "write fish completion to this file, - for standard output")
  @Nullable String fish;

  @Option(
      names = "--man",
      paramLabel = "DIRECTORY",
      converter = EmptyIsUnset.class,
      description = "write manual pages to this directory")
  @Nullable String manual;

  GenerateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("the command was not given its specification");
    }
    if (Stream.of(bash, zsh, fish, manual).allMatch(Objects::isNull)) {
      throw new HoldfastException.Rejected(
          "nothing was named that could be written",
          "give --bash-completion, --zsh-completion, --fish-completion or --man");
    }
    if (Stream.of(bash, zsh, fish).filter("-"::equals).count() > 1) {
      throw new HoldfastException.Rejected(
          "only one completion can go to standard output", "give the others a file");
    }
    CommandLine root = spec.root().commandLine();
    write("bash", bash, AutoComplete.bash("holdfast", root));
    write("zsh", zsh, ZshCompletion.of(root));
    write("fish", fish, FishCompletion.of(root));
    if (manual != null) {
      Path directory = folder(Path.of(manual));
      ManualPages.of(root, session.version())
          .forEach((name, page) -> WholeFile.write(directory.resolve(name), page));
      say("wrote manual pages to " + manual);
    }
    return ExitCode.DONE;
  }

  private static Path folder(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the folder " + path + " cannot be made: " + Reason.of(e),
          "name one that is there, or lies where you may write",
          e);
    }
  }

  private void write(String shell, @Nullable String file, String script) {
    if (file == null) {
      return;
    }
    if (file.equals("-")) {
      session.console().text(script);
      return;
    }
    WholeFile.write(Path.of(file), script);
    say("wrote " + shell + " completion to " + file);
  }

  private void say(String line) {
    if (!session.globals().quiet()) {
      session.console().line(line);
    }
  }
}
