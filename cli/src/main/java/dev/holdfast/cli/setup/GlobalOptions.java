package dev.holdfast.cli.setup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that every command takes, before or after its name. Restic's words and meanings.
public final class GlobalOptions {
  @Option(
      names = {"-r", "--repo"},
      scope = ScopeType.INHERIT,
      paramLabel = "REPOSITORY",
      description =
          "repository, or the name of one of the configuration (default: $RESTIC_REPOSITORY)")
  @Nullable String repository;

  @Option(
      names = "--repository-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "file that holds the repository's location (default: $RESTIC_REPOSITORY_FILE)")
  @Nullable String repositoryFile;

  @Option(
      names = {"-p", "--password-file"},
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      converter = EmptyIsUnset.class,
      description = "file that holds the password (default: $RESTIC_PASSWORD_FILE)")
  @Nullable String passwordFile;

  @Option(
      names = "--password-command",
      scope = ScopeType.INHERIT,
      paramLabel = "COMMAND",
      converter = EmptyIsUnset.class,
      description = "command that prints the password (default: $RESTIC_PASSWORD_COMMAND)")
  @Nullable String passwordCommand;

  @Option(
      names = "--insecure-no-password",
      scope = ScopeType.INHERIT,
      description = "use an empty password for the repository (insecure)")
  boolean insecureNoPassword;

  @Option(
      names = "--key-hint",
      scope = ScopeType.INHERIT,
      paramLabel = "KEY",
      converter = EmptyIsUnset.class,
      description = "id of the key to try first (default: $RESTIC_KEY_HINT)")
  @Nullable String keyHint;

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description =
          "configuration (default: $HOLDFAST_CONFIG, or holdfast.yaml in this folder, the user's"
              + " or the system's configuration folder)")
  @Nullable String configuration;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "print JSON instead of text, for commands that support it")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "print no progress and no summary")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "say more; twice or --verbose=2 for every file")
  List<Boolean> verbose = new ArrayList<>();

  @Option(
      names = "--retry-lock",
      scope = ScopeType.INHERIT,
      paramLabel = "DURATION",
      description = "keep trying to lock the repository for this long, such as 5m or 2h")
  @Nullable String retryLock;

  @Option(
      names = "--no-lock",
      scope = ScopeType.INHERIT,
      description = "do not lock the repository, for reading from read-only storage")
  boolean noLock;

  @Option(
      names = "--cache-dir",
      scope = ScopeType.INHERIT,
      paramLabel = "DIRECTORY",
      description =
          "folder for copies of what is read often from distant repositories (default:"
              + " $RESTIC_CACHE_DIR or ~/.cache/holdfast)")
  @Nullable String cacheDirectory;

  @Option(
      names = "--no-cache",
      scope = ScopeType.INHERIT,
      description = "keep no copies of what is read, and use none")
  boolean noCache;

  @Option(
      names = "--cleanup-cache",
      scope = ScopeType.INHERIT,
      description = "delete copies of repositories that were not used for a month")
  boolean cleanupCache;

  @Option(
      names = "--compression",
      scope = ScopeType.INHERIT,
      paramLabel = "MODE",
      description = "auto, off, fastest, better or max (default: $RESTIC_COMPRESSION or auto)")
  @Nullable String compression;

  @Option(
      names = "--pack-size",
      scope = ScopeType.INHERIT,
      paramLabel = "MIB",
      description = "target size of pack files in MiB (default: $RESTIC_PACK_SIZE or 16)")
  @Nullable String packSize;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--no-extra-verify",
      scope = ScopeType.INHERIT,
      hidden = true,
      description = "accepted for restic's sake; what is stored is always verified first")
  List<Boolean> lessChecks = new ArrayList<>();

  /// Where copies of what is read often are kept. An empty name is none, as for restic, and not the
  /// working directory.
  Path cacheFolder(Environment environment) {
    return Optional.ofNullable(cacheDirectory)
        .filter(folder -> !folder.isEmpty())
        .or(() -> environment.setting("CACHE_DIR"))
        .map(Path::of)
        .orElseGet(() -> environment.cacheHome().resolve("holdfast"));
  }

  /// What `-c` does where it does not mean something else.
  public void useConfiguration(String file) {
    configuration = file;
  }

  /// The same options, but for what is about one repository: its place and its password.
  GlobalOptions elsewhere() {
    GlobalOptions other = new GlobalOptions();
    other.configuration = configuration;
    other.json = json;
    other.quiet = quiet;
    other.verbose = verbose;
    other.retryLock = retryLock;
    other.noLock = noLock;
    other.cacheDirectory = cacheDirectory;
    other.noCache = noCache;
    other.compression = compression;
    other.packSize = packSize;
    other.connection = connection;
    return other;
  }

  public boolean json() {
    return json;
  }

  public boolean quiet() {
    return quiet;
  }

  public boolean noLock() {
    return noLock;
  }

  /// How much to say: 0 quiet, 1 normal, 2 with `-v`, 3 with `-vv`.
  public int verbosity() {
    return quiet ? 0 : Math.min(1 + verbose.size(), 3);
  }
}
