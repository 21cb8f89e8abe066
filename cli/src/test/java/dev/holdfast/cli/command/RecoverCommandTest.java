package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command that recovers, as a person types it.
@Tag("slow")
class RecoverCommandTest {
  @TempDir Path folder;
  private Path home;
  private Path data;
  private Path users;
  private Path acme;
  private Run run;

  @BeforeEach
  void anAppThatWasBackedUpAndThenSpoilt() throws IOException {
    home = folder.toRealPath();
    data = Files.createDirectories(home.resolve("data"));
    users = data.resolve("users.db");
    acme = Files.createDirectories(data.resolve("tenants/acme")).resolve("x.db");
    sqlite(users, "PRAGMA journal_mode=WAL; CREATE TABLE t(id); INSERT INTO t VALUES(1);");
    sqlite(acme, "CREATE TABLE t(id); INSERT INTO t VALUES(1);");
    Files.createDirectory(data.resolve("files"));
    Files.writeString(data.resolve("files/one"), "one");
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            tags: [customers]
            root: %1$s/data
            sources:
              users: {path: users.db}
              tenants: {path: "tenants/{tenant}/x.db"}
              files: {path: files}
          copy:
            root: %1$s/copy
            sources:
              users: {path: users.db, required: false}
              tenants: {path: "tenants/{tenant}/x.db", required: false}
              files: {path: files, required: false}
        """
            .formatted(home));
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    sqlite(users, "INSERT INTO t VALUES(2)");
    sqlite(acme, "INSERT INTO t VALUES(2)");
    Files.writeString(data.resolve("files/one"), "changed");
    Files.writeString(data.resolve("files/two"), "two");
  }

  private static String sqlite(Path file, String sql) {
    return Command.of("sqlite3", file.toString(), sql).run().succeeded().output().strip();
  }

  private static String rows(Path file) {
    return sqlite(file, "SELECT count(*) FROM t");
  }

  private List<Path> safetyCopies() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(path -> path.getFileName().toString().contains(".pre-restore.")).toList();
    }
  }

  private void assertNothingHappened() throws IOException {
    assertThat(rows(users) + rows(acme)).isEqualTo("22");
    assertThat(Files.readString(data.resolve("files/one"))).isEqualTo("changed");
    assertThat(safetyCopies()).isEmpty();
  }

  @Test
  void anAppGoesBackAsAWholeWhenItsNameIsTyped() throws IOException {
    Run.Ended ended = run.type("shop\n").holdfast("recover", "shop").done();

    assertThat(ended.out())
        .contains("rows       t: 2 now, 1 then (" + users + ")")
        .contains("[9/9]")
        .contains("recovered shop from snapshot");
    assertThat(rows(users) + rows(acme)).isEqualTo("11");
    assertThat(Files.readString(data.resolve("files/one"))).isEqualTo("one");
    assertThat(data.resolve("files/two")).doesNotExist();
    assertThat(safetyCopies()).hasSize(3);
    assertThat(run.holdfast("snapshots", "--tag", "app:shop,pre-restore").done().out())
        .contains("1 snapshots");
  }

  @Test
  void anotherAnswerIsANoAndItsStatusSaysSo() throws IOException {
    Run.Ended ended = run.type("yes\n").holdfast("recover", "shop").with(ExitCode.DECLINED);

    assertThat(ended.err()).contains("declined: nothing was changed");
    assertNothingHappened();
    run.holdfast("recover", "shop").with(ExitCode.DECLINED);
    assertNothingHappened();
  }

  @Test
  void aDryRunShowsThePlanAndDoesNothing() throws IOException {
    Run.Ended ended = run.holdfast("recover", "shop", "--dry-run", "--json").done();

    assertThat(ended.out())
        .contains("\"message_type\":\"plan\"")
        .contains("\"rows_now\":2,\"rows_then\":1")
        .contains("\"rows_compared\":true");
    assertNothingHappened();
    assertThat(home.resolve(".local/state")).doesNotExist();
  }

  @Test
  void oneSourceOrOneTenantIsRecoveredAlone() throws IOException {
    run.holdfast("recover", "shop", "--source", "users", "--yes").done();
    assertThat(rows(users) + rows(acme)).isEqualTo("12");

    run.holdfast("recover", "shop", "--tenant", "acme", "--yes").done();
    assertThat(rows(users) + rows(acme)).isEqualTo("11");
    assertThat(Files.readString(data.resolve("files/one"))).isEqualTo("changed");
  }

  @Test
  void aTenantThatIsNotInTheSnapshotIsRefusedOrPutAsideButNeverPassedOver() throws IOException {
    Path fresh = Files.createDirectories(data.resolve("tenants/fresh")).resolve("x.db");
    sqlite(fresh, "CREATE TABLE t(id)");

    Run.Ended refused = run.holdfast("recover", "shop", "--yes").with(ExitCode.FAILED);
    assertThat(refused.err())
        .contains(fresh + " belongs to the app and is not in the snapshot")
        .contains("--put-aside-new");
    assertNothingHappened();

    run.holdfast("recover", "shop", "--yes", "--put-aside-new").done();
    assertThat(fresh).doesNotExist();
    assertThat(safetyCopies())
        .anyMatch(path -> path.toString().startsWith(fresh + ".pre-restore."));
    assertThat(rows(users) + rows(acme)).isEqualTo("11");
  }

  @Test
  void anotherAppIsClonedFromThisOne() {
    Path copy = home.resolve("copy");

    run.holdfast("recover", "copy", "--from", "shop", "--yes").done();

    assertThat(rows(copy.resolve("users.db"))).isEqualTo("1");
    assertThat(rows(copy.resolve("tenants/acme/x.db"))).isEqualTo("1");
    assertThat(copy.resolve("files/one")).hasContent("one");
    assertThat(rows(users)).isEqualTo("2");
  }

  /// An app `demo` that masks the users of others, beside the others.
  private void configureDemo(String sources, String mask) throws IOException {
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(home.resolve("mask.sql"), mask);
    Files.writeString(
        config,
        Files.readString(config)
            + """
              demo:
                root: %s/demo
                sources: %s
                recover:
                  masks: {users: mask.sql}
            """
                .formatted(home, sources)
                .indent(0));
  }

  private static final String LIKE_SHOP =
      "{users: {path: users.db, required: false}, tenants: {path: 'tenants/{tenant}/x.db'},"
          + " files: {path: files, required: false}}";

  @Test
  void whatComesFromAnotherAppIsMaskedAsTheConfigurationSaysAndThePlanSaysHow() throws IOException {
    configureDemo(LIKE_SHOP, "UPDATE t SET id = 77; -- nobody");
    Path demo = home.resolve("demo/users.db");
    Path option = Files.writeString(home.resolve("more.sql"), "INSERT INTO t VALUES(78)");

    String plan = run.holdfast("recover", "demo", "--from", "shop", "--dry-run").done().out();
    assertThat(plan).contains("masked by UPDATE t SET id = 77").doesNotContain("x.db\n  masked");
    assertThat(run.holdfast("recover", "demo", "--from", "shop", "-n", "--json").done().out())
        .contains("\"mask\":[\"UPDATE t SET id = 77\"]");
    run.holdfast("recover", "demo", "--from", "shop", "--yes").done();
    assertThat(sqlite(demo, "SELECT id FROM t")).isEqualTo("77");
    assertThat(sqlite(home.resolve("demo/tenants/acme/x.db"), "SELECT id FROM t")).isEqualTo("1");

    run.holdfast("recover", "demo", "--from", "shop", "--yes", "--mask-sql", "users=" + option)
        .done();
    assertThat(sqlite(demo, "SELECT group_concat(id) FROM t"))
        .as("an option adds to what the configuration demands")
        .isEqualTo("77,78");
    run.holdfast("backup", "demo").done();
    sqlite(demo, "DELETE FROM t");
    run.holdfast("recover", "demo", "--yes").done();
    assertThat(sqlite(demo, "SELECT group_concat(id) FROM t")).isEqualTo("77,78");
    Path elsewhere = home.resolve("elsewhere");
    run.holdfast("recover", "demo", "--from", "shop", "--target", elsewhere.toString(), "--yes")
        .done();
    assertThat(sqlite(elsewhere.resolve("users.db"), "SELECT id FROM t")).isEqualTo("77");
  }

  @Test
  void whatCannotBeMaskedAsTheConfigurationDemandsDoesNotComeAtAll() throws IOException {
    configureDemo("{users: {path: users.db}, files: {path: files}}", "UPDATE t SET id = 77");

    assertThat(run.holdfast("recover", "demo", "--from", "shop", "--yes").with(1).err())
        .contains("the app 'demo' masks what comes from others, and has no source 'tenants'");
    Files.writeString(home.resolve("mask.sql"), "-- nothing yet");
    assertThat(
            run.holdfast("recover", "demo", "--from", "shop", "--source", "users", "--yes")
                .with(1)
                .err())
        .contains("there is no statement in");
    assertThat(run.holdfast("config", "check", "demo").with(1).out())
        .contains("users of another app is masked by " + home.resolve("mask.sql"))
        .contains("warning: source 'users'", "cannot mask it: there is no statement in");
    Files.delete(home.resolve("mask.sql"));
    assertThat(
            run.holdfast("recover", "demo", "--from", "shop", "--source", "users", "--yes")
                .with(1)
                .err())
        .contains("cannot be read");
    assertThat(home.resolve("demo")).doesNotExist();
  }

  @Test
  void aSnapshotOfAnotherAppThatIsNamedIsNotTakenForOneOfThisApp() throws IOException {
    configureDemo(LIKE_SHOP, "UPDATE t SET id = 77");

    assertThat(run.holdfast("recover", "demo", "--snapshot", "latest", "--yes").with(1).err())
        .contains("no complete snapshot");
    String id =
        run.holdfast("snapshots", "--json")
            .done()
            .out()
            .replaceAll("(?s).*\"short_id\":\"([0-9a-f]+)\".*", "$1");
    assertThat(run.holdfast("recover", "demo", "--snapshot", id, "--yes").with(1).err())
        .contains("is of the app 'shop', not of the app 'demo'", "--from shop");
    assertNothingHappened();
  }

  @Test
  void anAppThatWasLostComesBackAndAnUndoTakesItAwayAgain() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }

    run.holdfast("recover", "shop", "--yes").done();

    assertThat(rows(users) + rows(acme)).isEqualTo("11");
    assertThat(run.holdfast("recover", "undo", "else", "--yes").with(ExitCode.FAILED).err())
        .contains("there is no recovery else");
    run.holdfast("recover", "undo", "shop", "--yes").done();
    assertThat(users).doesNotExist();
    assertThat(acme).doesNotExist();
  }

  @Test
  void aRestorePointHasTheTagsAndTheNamesThatTheConfigurationGives() throws IOException {
    run.holdfast("recover", "shop", "--yes").done();

    assertThat(run.holdfast("snapshots", "--tag", "customers,pre-restore", "--json").done().out())
        .contains("\"app:shop\"");
    String restorePoint =
        run.holdfast("snapshots", "--tag", "pre-restore", "--json")
            .done()
            .out()
            .replaceAll("(?s).*\"short_id\":\"([0-9a-f]+)\".*", "$1");
    run.holdfast("recover", "shop", "--snapshot", restorePoint, "--source", "users", "--yes")
        .done();
    assertThat(rows(users)).isEqualTo("2");
    assertThat(rows(acme)).isEqualTo("1");
    run.holdfast("recover", "shop", "--snapshot", restorePoint, "--tenant", "acme", "--yes").done();
    assertThat(rows(acme)).isEqualTo("2");
  }

  /// Every other source would be read again, and called new.
  @Test
  void theRestorePointOfOneTenantIsNotWhatTheNextBackupIsComparedWith() throws IOException {
    run.holdfast("recover", "shop", "--tenant", "acme", "--yes").done();

    assertThat(run.holdfast("backup", "shop").done().out())
        .contains("using parent snapshot")
        .doesNotContain("new since the snapshot before");
    assertThat(run.holdfast("show").done().out()).contains("before:").doesNotContain("new: ");
  }

  @Test
  void latestIsResolvedBeforeTheRestorePointIsMade() throws IOException {
    run.holdfast("recover", "shop", "--yes").done();
    sqlite(users, "INSERT INTO t VALUES(3)");
    run.holdfast("recover", "shop", "--yes").done();

    assertThat(rows(users)).isEqualTo("1");
  }

  @Test
  void aBackupIsRefusedWhileARecoveryIsInterrupted() throws IOException {
    run.holdfast(
            "recover",
            users.toString(),
            "--yes",
            "--stop-command",
            "true",
            "--start-command",
            "false")
        .with(ExitCode.FAILED);
    Run.Ended refused = run.holdfast("backup", "shop").with(ExitCode.LOCKED);
    assertThat(refused.err()).contains("was interrupted").contains("holdfast recover rollback");

    run.holdfast("recover", users.toString(), "--yes").with(ExitCode.LOCKED);
    assertThat(run.holdfast("recover", "status").done().out()).contains("interrupted while");
    Run.Ended stuck = run.holdfast("recover", "rollback").with(ExitCode.FAILED);
    assertThat(stuck.err())
        .contains("could not be taken back: ", "recover rollback", "--leave-stopped");
    assertThat(rows(users)).isEqualTo("2");
  }

  @Test
  void aRecoveryWhoseServiceCannotBeStartedEndsWhenItIsLeftStopped() throws IOException {
    Path stopped = data.resolve("stopped");
    run.holdfast(
            "recover",
            "shop",
            "--yes",
            "--stop-command",
            "touch '" + stopped + "'",
            "--start-command",
            "exit 3")
        .with(ExitCode.FAILED);
    run.holdfast("recover", "rollback").with(ExitCode.FAILED);

    assertThat(run.holdfast("recover", "rollback", "--leave-stopped").done().out())
        .contains("is as it was before the recovery; no service was started");
    assertThat(rows(users)).isEqualTo("2");
    assertThat(stopped).exists();
    run.holdfast("recover", "shop", "--yes").done();
    assertThat(rows(users)).isEqualTo("1");
    run.holdfast("backup", "shop").done();
  }

  @Test
  void aPathIsRecoveredFromWhatIsAtAnother() {
    Path demo = data.resolve("demo.db");

    run.holdfast("recover", demo.toString(), "--from", users.toString(), "--yes").done();

    assertThat(rows(demo)).isEqualTo("1");
    assertThat(rows(users)).isEqualTo("2");
  }

  @Test
  void aFolderThatHoldsTheRepositoryIsNotReplaced() throws IOException {
    run.holdfast("backup", home.toString(), "--exclude", "repository").done();

    Run.Ended ended = run.holdfast("recover", home.toString(), "--yes").with(ExitCode.FAILED);

    assertThat(ended.err()).contains("lies inside of " + home);
    assertNothingHappened();
  }

  @Test
  void aTimeBeforeTheFirstSnapshotFindsNone() throws IOException {
    Run.Ended ended =
        run.holdfast("recover", "shop", "--at", "2020-01-01", "--yes").with(ExitCode.FAILED);

    assertThat(ended.err())
        .contains("there is no complete snapshot tagged app:shop of host ")
        .contains(" from before 2020-01-01T00:00:00Z\n");
    assertNothingHappened();
  }

  @Test
  void emptyNameIsNotThePresentFolder() {
    assertThat(run.holdfast("recover", "", "--yes").with(ExitCode.WRONG_USAGE).err())
        .contains("the argument APP|PATH is empty: is a variable not set?");
  }
}
