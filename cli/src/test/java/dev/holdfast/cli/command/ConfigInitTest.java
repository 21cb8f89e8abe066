package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigInitTest {
  @TempDir Path home;

  private Path file;
  private Path data;
  private Run run;

  @BeforeEach
  void makeFolder() throws Exception {
    file = home.resolve("holdfast.yaml");
    data = Files.createDirectories(home.resolve("shop"));
    run = Run.at(home);
  }

  private void database(String path) throws Exception {
    Path database = data.resolve(path);
    Files.createDirectories(database.getParent());
    Command.of("sqlite3", database.toString(), "CREATE TABLE t(x); INSERT INTO t VALUES (1);")
        .run();
  }

  private void plain(String path) throws Exception {
    Path plain = data.resolve(path);
    Files.createDirectories(plain.getParent());
    Files.writeString(plain, "x");
  }

  private Run.Ended init(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("config", "init", "-c", file.toString(), data.toString()));
    arguments.addAll(List.of(more));
    return run.holdfast(arguments.toArray(String[]::new));
  }

  private String check() {
    return run.holdfast("config", "check", "--strict", "-c", file.toString()).done().out();
  }

  @Test
  void repeatedLayoutsBecomePatternsAndEverythingElseIsInside() throws Exception {
    database("main.db");
    database("tenants/blue/shop.db");
    database("tenants/green/shop.db");
    plain("tenants/blue/logo.png");
    plain("uploads/2026/a.bin");
    init().done();
    assertThat(Files.readString(file))
        .contains("  shop:\n    root: " + data + "\n")
        .contains("      # SQLite database\n      main:\n        path: main.db\n")
        .contains("      tenants:\n        path: tenants/{tenant}/shop.db\n")
        .contains("        path: tenants/{tenant}/logo.png\n")
        .contains("      uploads:\n        path: uploads\n");
    assertThat(check())
        .contains("sqlite " + data + "/tenants/blue/shop.db (tenant blue)")
        .contains("nothing is outside the boundary");
    database("tenants/red/shop.db");
    assertThat(check()).contains("tenants/red/shop.db (tenant red)");
  }

  /// They are deleted one day, and a source that names one would be missing.
  @Test
  void folderThatIsNotThereIsNamedWithWhatToNameInstead() {
    String gone = data.resolve("gone").toString();
    assertThat(Run.at(data).holdfast("config", "init", gone).with(1).err())
        .contains("the folder " + gone + " cannot be looked at")
        .contains("hint: name the folder that the app's data is in");
  }

  @Test
  void safetyCopiesOfARecoveryAreNoSources() throws Exception {
    String stamp = ".pre-restore.2026-03-08T120000Z-1f3c";
    database("main.db");
    database("main.db" + stamp);
    database("old" + stamp + "/inner.db");
    plain("uploads/a.bin");
    plain("uploads" + stamp + "/a.bin");
    init().done();
    assertThat(Files.readString(file))
        .contains("path: main.db", "path: uploads")
        .doesNotContain("pre-restore");
  }

  @Test
  void folderWithoutDatabasesAndEmptyFolderAreOneSource() throws Exception {
    init().done();
    assertThat(check()).contains("files: ., 1 found");
    plain("a/b");
    init("--force").done();
    assertThat(check()).contains("files: ., 1 found", "folder " + data);
  }

  @Test
  void oneTenantIsEnoughWhereTheFolderSaysThatThereWillBeMore() throws Exception {
    database("tenants/first/x.db");
    init().done();
    assertThat(Files.readString(file)).contains("path: tenants/{tenant}/x.db");
    check();
  }

  @Test
  void namesThatMeanSomethingToYamlOrToPatternsAreQuoted() throws Exception {
    database("a{b}*\\c: #d/x y.db");
    database("true");
    database("12.5");
    plain("- \"new\nline\"");
    init().done();
    assertThat(check()).contains("nothing is outside the boundary");
  }

  @Test
  void namesThatAreNotUtf8AreFoundAgain() throws Exception {
    database("plain.db");
    String raw = "\uDCFF\uDC80tenant";
    Posix.mkdirat(OpenFlag.AT_FDCWD, data + "/" + raw, 0700);
    int fd =
        Posix.openat(
            OpenFlag.AT_FDCWD,
            data + "/" + raw + "/f\uDCE9",
            OpenFlag.O_WRONLY | OpenFlag.O_CREAT | OpenFlag.O_CLOEXEC,
            0600);
    Posix.close(fd);
    init().done();
    assertThat(Files.readString(file)).contains("\\\\xff\\\\x80tenant");
    assertThat(check()).contains("\\xff\\x80tenant").contains("nothing is outside the boundary");
  }

  @Test
  void anExistingConfigurationIsKeptUnlessForced() throws Exception {
    Files.writeString(file, "mine");
    assertThat(init().with(1).err()).contains("exists already", "--force replaces it");
    assertThat(Files.readString(file)).isEqualTo("mine");
    init("--force").done();
    assertThat(Files.readString(file)).contains("apps:");
  }

  @Test
  void jsonNamesWhatWasProposed() throws Exception {
    database("a.db");
    assertThat(init("--json").done().out())
        .isEqualTo(
            ("{\"message_type\":\"config_init\",\"file\":\"%s\",\"apps\":[{\"name\":\"shop\","
                    + "\"root\":\"%s\",\"sources\":[{\"name\":\"a\",\"path\":\"a.db\"}],"
                    + "\"complete\":true}]}\n")
                .formatted(file, data));
  }
}
