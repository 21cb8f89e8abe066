package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;

/// The table of commands. A command's class is loaded and examined only when its name is among the
/// arguments, because examining all of them would be most of the time of a short run.
public final class Commands {
  private static final Map<String, Function<Session, Object>> TABLE = table();

  private Commands() {}

  private static Map<String, Function<Session, Object>> table() {
    Map<String, Function<Session, Object>> table = new LinkedHashMap<>();
    table.put("backup", BackupCommand::new);
    table.put("cat", CatCommand::new);
    table.put("check", CheckCommand::new);
    table.put("config", ConfigCommand::new);
    table.put("copy", CopyCommand::new);
    table.put("demo", DemoCommand::new);
    table.put("diff", DiffCommand::new);
    table.put("drill", DrillCommand::new);
    table.put("dump", DumpCommand::new);
    table.put("export", ExportCommand::new);
    table.put("find", FindCommand::new);
    table.put("forget", ForgetCommand::new);
    table.put("generate", GenerateCommand::new);
    table.put("import", ImportCommand::new);
    table.put("init", InitCommand::new);
    table.put("key", KeyCommand::new);
    table.put("list", ListCommand::new);
    table.put("ls", LsCommand::new);
    table.put("migrate", MigrateCommand::new);
    table.put("prune", PruneCommand::new);
    table.put("purge", PurgeCommand::new);
    table.put("query", QueryCommand::new);
    table.put("recover", RecoverCommand::new);
    table.put("repair", RepairCommand::new);
    table.put("restore", RestoreCommand::new);
    table.put("rewrite", RewriteCommand::new);
    table.put("show", ShowCommand::new);
    table.put("snapshots", SnapshotsCommand::new);
    table.put("stats", StatsCommand::new);
    table.put("tag", TagCommand::new);
    table.put("status", StatusCommand::new);
    table.put("unlock", UnlockCommand::new);
    table.put("version", VersionCommand::new);
    return table;
  }

  /// The names of all commands.
  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /// Gives `root` the commands that `arguments` may mean: those named, or all of them when none is
  /// (for the list in the help) or when a command is about the others.
  public static void register(CommandLine root, Session session, Collection<String> arguments) {
    boolean all =
        arguments.contains("generate") || arguments.stream().noneMatch(TABLE::containsKey);
    TABLE.forEach((name, create) -> {
      if (all || arguments.contains(name)) {
        root.addSubcommand(name, create.apply(session));
      }
    });
  }
}
