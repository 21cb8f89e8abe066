package dev.holdfast.cli.setup;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Ticker;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.lock.Holder;
import dev.holdfast.repository.lock.LinuxProcesses;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.store.DistantFolder;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.StoreAddress;
import dev.holdfast.repository.write.WriterOptions;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One run of the program: where it prints, what it was told, and the repository it works on.
public final class Session {
  private static final int NEWEST_VERSION = 2;

  private final Surroundings surroundings;
  private final GlobalOptions globals;
  private final KnownRepositories known;
  private final String question;
  private final FoundConfiguration found;
  private Optional<App> app = Optional.empty();
  private @Nullable RepositoryChoice choice;
  private boolean usesCache = true;
  private RetryPolicy retry = RetryPolicy.DEFAULT;

  /// @param known what this run has learned of repositories, and learns
  public Session(Surroundings surroundings, GlobalOptions globals, KnownRepositories known) {
    this(surroundings, globals, known, "enter password for repository: ");
  }

  private Session(
      Surroundings surroundings, GlobalOptions globals, KnownRepositories known, String question) {
    this.surroundings = surroundings;
    this.globals = globals;
    this.known = known;
    this.question = question;
    found = new FoundConfiguration(globals, surroundings.environment());
  }

  /// What `holdfast.yaml` says, read at the first call; empty if there is none.
  ///
  /// @throws HoldfastException.Rejected if it is not right
  public Optional<Configuration> configuration() {
    return found.load(workingDirectory());
  }

  /// The configuration's file: named, or found; empty if there is none.
  public Optional<Path> configurationFile() {
    return found.file(workingDirectory());
  }

  /// The configuration's file that option or environment name, whether it exists or not.
  public Optional<String> namedConfiguration() {
    return found.given();
  }

  /// Makes the app's repository the one that this run is about, unless options or environment name
  /// another.
  public void useRepositoryOf(App app) {
    this.app = Optional.of(app);
    choice = null;
  }

  /// The same by the app's name, and gives the app; one that the configuration does not have
  /// changes nothing.
  public Optional<App> useRepositoryOf(String app) {
    Optional<App> owner = configuration().map(known -> known.apps().get(app));
    owner.ifPresent(this::useRepositoryOf);
    return owner;
  }

  /// A run with other options, in the same surroundings but for the environment.
  ///
  /// @param which of the repositories of this command line it is on, for who is asked for its
  ///   password
  Session elsewhere(GlobalOptions options, Environment environment, String which) {
    return new Session(
        surroundings.in(environment),
        options,
        known,
        "enter password for " + which + " repository: ");
  }

  /// Makes a repository of the configuration the one that this run is about from here on.
  public void useRepository(RepositorySettings repository) {
    choice = new RepositoryChoice(Optional.of(repository.location()), Optional.of(repository));
  }

  /// Whether options name a repository.
  public boolean namesRepository() {
    return globals.repository != null || globals.repositoryFile != null;
  }

  /// Fetches a secret of the configuration.
  ///
  /// @param what it is, for messages, such as `the password of the source 'users'`
  public byte[] secret(String what, Secret secret) {
    return Secrets.read(what, secret, environment());
  }

  public Console console() {
    return surroundings.console();
  }

  public GlobalOptions globals() {
    return globals;
  }

  public Environment environment() {
    return surroundings.environment();
  }

  /// Standard input.
  public InputStream input() {
    return surroundings.input();
  }

  public Clock clock() {
    return surroundings.clock().get();
  }

  /// The version of Holdfast.
  public String version() {
    return Version.CURRENT;
  }

  /// Opens the repository for reading: with a shared lock, or none with `--no-lock`.
  public RepositoryAccess openForReading() {
    return openForReading(LockMode.SHARED);
  }

  /// The same with a lock of another kind, or none with `--no-lock`.
  public RepositoryAccess openForReading(LockMode mode) {
    return open(globals.noLock ? Optional.empty() : Optional.of(mode), true);
  }

  /// Opens the repository to change it: with this lock whatever `--no-lock` says, but in a dry run,
  /// which only reads.
  public RepositoryAccess openToChange(LockMode mode, boolean dryRun) {
    return dryRun ? openForReading(mode) : open(Optional.of(mode));
  }

  /// Opens the repository with the lock given, whatever `--no-lock` says.
  public RepositoryAccess open(Optional<LockMode> lock) {
    return open(lock, false);
  }

  /// Opens the repository for a backup; the one that is used when none is named is created first if
  /// it does not exist.
  ///
  /// @param lock the lock to take
  public RepositoryAccess openForBackup(Optional<LockMode> lock) {
    if (createsRepository()) {
      create(NEWEST_VERSION, OptionalLong.empty()).close();
    }
    return open(lock);
  }

  /// Whether a backup creates its repository: none is named, and the one that is used then does not
  /// exist.
  public boolean createsRepository() {
    if (choice().location().isPresent()) {
      return false;
    }
    try (ObjectStore store = store(address())) {
      return !store.exists(ObjectKey.CONFIG);
    }
  }

  /// Creates the repository with the password that is given or asked for.
  ///
  /// @param polynomial what files are cut by; random if empty
  public RepositoryAccess create(int version, OptionalLong polynomial) {
    if (choice().location().isEmpty() && !passwords().areGiven()) {
      DefaultRepository standard = standard();
      standard.ensurePassword(new SecureRandom());
      byte[] password = Passwords.fromFile(standard.passwordFile().toString());
      RepositoryAccess created = create(address(), password, version, polynomial);
      notice(standard.whereThePasswordIs());
      return created;
    }
    String address = address();
    byte[] password = passwords().chosen("enter password for new repository: ");
    RepositoryAccess created = create(address, password, version, polynomial);
    known.remember(address, passwords().source(), password);
    return created;
  }

  /// Where the repository is, as it may be shown and written down: without a password.
  public String location() {
    return StoreAddress.shown(address());
  }

  private String address() {
    return choice().location().orElseGet(() -> standard().folder().toString());
  }

  /// A password for a new key: from a file, or typed twice.
  public byte[] newPassword(Optional<String> file) {
    return file.map(Passwords::fromFile)
        .orElseGet(() -> passwords().askTwice("enter new password: "));
  }

  /// What new keys record.
  ///
  /// @param emptyPasswordAllowed whether the key may have an empty password
  public KeyringOptions keyring(boolean emptyPasswordAllowed) {
    Holder holder = LinuxProcesses.holder();
    KeyringOptions usual = surroundings.newKeys().apply(holder.hostname(), holder.username());
    return new KeyringOptions(
        usual.hostname(), usual.username(), usual.scrypt(), emptyPasswordAllowed);
  }

  /// Tells a person something that is neither output nor an error; not with `--json` or `-q`.
  public void notice(String line) {
    if (!globals.json && !globals.quiet) {
      console().errorLine(line);
    }
  }

  /// Whether a person can be asked to choose: one who types, and sees what is shown.
  public boolean isInteractive() {
    return !globals.json && surroundings.prompt().inputIsTerminal() && console().outputIsTerminal();
  }

  /// Whether progress is shown: to a person on a terminal, or to a script that reads JSON.
  public boolean showsProgress() {
    boolean asked = environment().setting("PROGRESS_FPS").isPresent();
    return !globals.quiet && (globals.json || console().outputIsTerminal() || asked);
  }

  /// The time between two updates of the progress.
  public Duration progressInterval() {
    return Ticker.interval(environment().setting("PROGRESS_FPS").orElse(""));
  }

  /// How blobs are to be written, apart from the lock.
  public WriterOptions writerOptions() {
    return WriterSettings.of(globals, environment(), choice().settings());
  }

  /// The kinds of databases that are recognized.
  public List<DatabaseEngine> engines() {
    return surroundings.engines().apply(App.NewerDuckDb.REFUSE);
  }

  /// The same, as the app wants them.
  public List<DatabaseEngine> engines(App owner) {
    return surroundings.engines().apply(owner.newerDuckDb());
  }

  /// Runs another command line in this process, printing to `output`; returns its status.
  ///
  /// @param variables set in its environment besides those of this run
  public int runProgram(List<String> arguments, Map<String, String> variables, Console output) {
    return surroundings.program().run(arguments, variables, output);
  }

  /// Who runs the program.
  public Holder user() {
    return LinuxProcesses.holder();
  }

  /// The folder in which the program was started, absolute.
  public String workingDirectory() {
    try {
      return Posix.readlinkat(OpenFlag.AT_FDCWD, "/proc/self/cwd");
    } catch (PosixException e) {
      return System.getProperty("user.dir", "/");
    }
  }

  private RepositoryAccess create(
      String location, byte[] password, int version, OptionalLong polynomial) {
    ObjectStore store = store(location);
    return RepositoryAccess.create(
        store, password, version, polynomial, keyring(globals.insecureNoPassword));
  }

  private RepositoryAccess open(Optional<LockMode> lock, boolean onlyReads) {
    String address = address();
    Optional<Secret> source = passwords().source().or(this::standardPassword);
    byte[] password =
        known
            .password(address, source)
            .or(() -> passwords().fetch(source))
            .orElseGet(this::askForPassword);
    Optional<String> hint =
        Optional.ofNullable(globals.keyHint).or(() -> environment().setting("KEY_HINT"));
    Duration retry =
        globals.retryLock == null
            ? Duration.ZERO
            : GoDuration.parse("--retry-lock", globals.retryLock);
    RepositoryAccess opened =
        RepositoryAccess.open(
            store(address),
            password,
            new RepositoryAccess.Options(hint, lock, retry, onlyReads, Optional.of(known.keys())),
            this::notice);
    known.remember(address, source, password);
    return opened;
  }

  /// Where the password of the repository is that is used when none is named.
  private Optional<Secret> standardPassword() {
    return choice().location().isEmpty() && !globals.insecureNoPassword
        ? standard().password()
        : Optional.empty();
  }

  private byte[] askForPassword() {
    requireRepository();
    return passwords()
        .ask(
            choice()
                .settings()
                .map(settings -> "enter password for repository " + settings.name() + ": ")
                .orElse(question));
  }

  /// Nobody should type a password for a repository that does not exist.
  private void requireRepository() {
    try (ObjectStore store = store(address())) {
      if (!store.exists(ObjectKey.CONFIG)) {
        throw new HoldfastException.NoRepository(
            "there is no repository at " + store.location(),
            choice().location().isEmpty()
                ? "'holdfast backup PATH' creates it, or name another with --repo"
                : "'holdfast init' creates one");
      }
    }
  }

  private ObjectStore store(String location) {
    return surroundings.stores().apply(request(location));
  }

  private StoreRequest request(String location) {
    Optional<Path> cache =
        usesCache && !globals.noCache
            ? Optional.of(globals.cacheFolder(environment()))
            : Optional.empty();
    return globals.connection.request(location, environment(), cache, globals.cleanupCache, retry);
  }

  /// A place for exports that is not on this machine.
  public DistantFolder folder(String location) {
    return surroundings.folders().apply(request(location));
  }

  /// Has this run read everything from the repository itself.
  public void avoidCache() {
    usesCache = false;
  }

  /// Has this run say soon that a repository does not answer.
  public void giveUpSoon() {
    retry = RetryPolicy.BRIEF;
  }

  private RepositoryChoice choice() {
    if (choice == null) {
      choice = RepositoryChoice.make(globals, environment(), this::configuration, app);
    }
    return choice;
  }

  Passwords passwords() {
    return new Passwords(globals, environment(), surroundings.prompt(), choice().settings());
  }

  private DefaultRepository standard() {
    return new DefaultRepository(environment());
  }
}
