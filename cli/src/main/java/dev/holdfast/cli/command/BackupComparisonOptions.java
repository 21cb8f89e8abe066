package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.EmptyIsUnset;
import dev.holdfast.cli.setup.Environment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a backup is compared with, and how.
final class BackupComparisonOptions {
  @Option(
      names = "--parent",
      paramLabel = "SNAPSHOT",
      converter = EmptyIsUnset.class,
      description = "compare with this snapshot (default: the latest of this host and these paths)")
  @Nullable String parent;

  @Option(
      names = {"-g", "--group-by"},
      paramLabel = "GROUP",
      description = "what makes a snapshot comparable; only the default is supported: host,paths")
  String groupBy = "host,paths";

  @Option(
      names = {"-f", "--force"},
      description = "read every file, whatever has changed")
  boolean force;

  @Option(names = "--ignore-inode", description = "compare neither inodes nor change times")
  boolean ignoreInode;

  @Option(names = "--ignore-ctime", description = "do not compare change times")
  boolean ignoreChangeTime;

  @Option(
      names = "--skip-if-unchanged",
      description = "make no snapshot if it would hold the same as the parent")
  boolean skipIfUnchanged;

  @Option(
      names = "--read-concurrency",
      paramLabel = "N",
      hidden = true,
      description = "accepted for restic's sake; Holdfast chooses by itself")
  int readConcurrency;

  boolean ignoresInode(Environment environment) {
    return ignoreInode || isTrue(environment, "IGNORE_INODE");
  }

  boolean ignoresChangeTime(Environment environment) {
    return ignoreChangeTime || isTrue(environment, "IGNORE_CTIME");
  }

  private static boolean isTrue(Environment environment, String name) {
    String value = environment.setting(name).orElse("");
    return value.equals("1") || value.equalsIgnoreCase("t") || value.equalsIgnoreCase("true");
  }
}
