package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.JsonIndent;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.RawObjects;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cat", description = "Print an object of the repository as it is stored")
final class CatCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "KIND [ID]",
      description =
          "config, masterkey, or one of index, snapshot, key, lock, pack, blob, tree and its id")
  List<String> words = new ArrayList<>();

  CatCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String kind = words.isEmpty() ? "" : words.getFirst();
    String id = words.size() == 2 ? words.get(1) : "";
    boolean single = kind.equals("config") || kind.equals("masterkey");
    if (words.size() > 2 || (!single && id.isEmpty())) {
      throw new HoldfastException.Rejected(
          "the kind or the id of an object is missing", "see 'holdfast cat --help'");
    }
    try (RepositoryAccess access = session.openForReading()) {
      print(new RawObjects(access.repository()), kind, id);
    }
    return ExitCode.DONE;
  }

  private void print(RawObjects objects, String kind, String id) {
    switch (kind) {
      case "config" -> json(objects.configJson());
      case "masterkey" -> json(objects.masterKeyJson());
      case "snapshot" -> json(objects.snapshotJson(id));
      case "key" -> json(objects.keyJson(id));
      case "lock" -> json(objects.unpackedJson(ObjectType.LOCK, id));
      case "index" -> session.console().line(objects.unpackedJson(ObjectType.INDEX, id));
      case "pack" -> session.console().bytes(objects.pack(id));
      case "blob" -> session.console().bytes(objects.blob(id));
      case "tree" -> session.console().bytes(objects.tree(id));
      default ->
          throw new HoldfastException.Rejected(
              "'" + kind + "' is no kind of object", "see 'holdfast cat --help'");
    }
  }

  private void json(String compact) {
    session.console().line(JsonIndent.of(compact));
  }
}
