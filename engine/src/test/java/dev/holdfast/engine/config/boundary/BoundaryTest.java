package dev.holdfast.engine.config.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.ConfigurationLoader;
import dev.holdfast.engine.config.boundary.Finding.Severity;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.testkit.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundaryTest {
  private static final List<DatabaseEngine> ENGINES =
      List.of(new SqliteEngine(SqliteOptions.defaults()));

  @TempDir Path folder;

  private Path root;

  @BeforeEach
  void makeRoot() throws Exception {
    root = Files.createDirectories(folder.resolve("root"));
  }

  private void file(String path) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
  }

  private void database(String path) throws Exception {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Command.of("sqlite3", file.toString(), "CREATE TABLE t(x);").run();
  }

  private Boundary expand(String sources, String more) {
    String yaml =
        "apps:\n  a:\n    root: '%s'\n    sources: {%s}\n%s"
            .formatted(root, sources, more.indent(4));
    ConfigurationLoader.Result result =
        ConfigurationLoader.read(
            "holdfast.yaml", yaml.getBytes(StandardCharsets.UTF_8), folder, Map.of());
    App app =
        result.configuration().orElseThrow(() -> new AssertionError(result.problems())).app("a");
    return Boundary.expand(app, ENGINES);
  }

  private Boundary expand(String sources) {
    return expand(sources, "");
  }

  private List<String> members(Boundary boundary) {
    return boundary.members().stream()
        .map(member ->
            "%s %s %s%s"
                .formatted(
                    member.source(),
                    shown(member.path()),
                    member.bindings(),
                    member.folder() ? " folder" : ""))
        .toList();
  }

  private String shown(String path) {
    return path.replace(folder.toString(), "").replace("/root", "").replaceFirst("^/", "");
  }

  private List<String> outside(Boundary boundary) {
    return boundary.outside().paths().stream().map(this::shown).toList();
  }

  private List<String> findings(Boundary boundary) {
    return boundary.findings().stream()
        .map(finding -> finding.severity() + " " + finding)
        .map(text -> text.replace(root.toString() + "/", "").replace(folder.toString(), "F"))
        .toList();
  }

  @Test
  void newTenantIsInsideByItselfAndVanishedOneIsKnown() throws Exception {
    database("tenants/blue/x.db");
    database("tenants/green/x.db");
    Boundary before = expand("t: {path: 'tenants/{tenant}/x.db'}");
    assertThat(members(before))
        .containsExactly(
            "t tenants/blue/x.db {tenant=blue}", "t tenants/green/x.db {tenant=green}");
    database("tenants/amber/x.db");
    Files.delete(root.resolve("tenants/green/x.db"));
    Boundary after = expand("t: {path: 'tenants/{tenant}/x.db'}");
    assertThat(members(after))
        .containsExactly(
            "t tenants/amber/x.db {tenant=amber}", "t tenants/blue/x.db {tenant=blue}");
    assertThat(Member.vanished(before.members(), after.members()))
        .extracting(member -> member.bindings().get("tenant"))
        .containsExactly("green");
  }

  @Test
  void aPathThatAnotherSourceHasAlreadyIsAWarning() throws Exception {
    database("main.db");
    database("other.db");
    Boundary twice =
        expand("a: {path: main.db}, b: {path: main.db}, c: {path: '*.db'}, d: {path: '*.db'}");
    assertThat(members(twice)).containsExactly("a main.db {}", "c other.db {}");
    assertThat(findings(twice))
        .containsExactly(
            "WARNING source 'b': main.db is in the source 'a' already, which comes before this"
                + " one");
  }

  @Test
  void whatIsUnderTheRootAndInNoSourceIsOutsideWithFoldersCollapsed() throws Exception {
    database("main.db");
    file("main.db-wal");
    file("main.db-walnut");
    file("tenants/blue/x.db");
    file("tenants/blue/notes.txt");
    file("cache/a/b/c");
    file("cache/a/d");
    file("logs/x.log");
    file("tmp/deep/x.tmp");
    Files.createDirectories(root.resolve("empty/deeper"));
    Boundary boundary =
        expand(
            "m: {path: main.db}, t: {path: 'tenants/{tenant}/x.db'}", "excludes: ['*.tmp', logs]");
    assertThat(outside(boundary))
        .containsExactly("cache/", "main.db-walnut", "tenants/blue/notes.txt");
    assertThat(boundary.outside().complete()).isTrue();
    assertThat(findings(boundary)).isEmpty();
  }

  @Test
  void whatRecoveriesLeftIsNeitherInsideNorOutside() throws Exception {
    String safety = ".pre-restore.2026-03-08T120000Z-1f3c";
    file("tenants/blue/x");
    file("tenants/blue" + safety + "/x");
    file("tenants/.holdfast-20260308T120000Z-1f3c-1/x");
    database("data/a.db");
    database("data/a.db" + safety);
    database("main.db");
    database("main.db" + safety);
    Boundary boundary =
        expand("t: {path: 'tenants/{tenant}'}, d: {path: 'data/**/*'}, m: {path: main.db}");
    assertThat(members(boundary))
        .containsExactly("t tenants/blue {tenant=blue} folder", "d data/a.db {}", "m main.db {}");
    assertThat(outside(boundary)).isEmpty();

    assertThat(members(expand("s: {path: 'main.db%s'}".formatted(safety))))
        .containsExactly("s main.db" + safety + " {}");
  }

  @Test
  void folderThatIsASourceIsInsideAsAWhole() throws Exception {
    file("data/x");
    file("data/y/z");
    assertThat(members(expand("d: {path: data}"))).containsExactly("d data {} folder");
    assertThat(outside(expand("d: {path: data}"))).isEmpty();
    assertThat(members(expand("d: {path: .}"))).containsExactly("d  {} folder");
    assertThat(members(expand("d: {path: 'data/*/'}"))).containsExactly("d data/y {} folder");
  }

  @Test
  void patternThatAlsoMeetsLogsOfDatabasesTakesTheDatabasesOnly() throws Exception {
    database("data/a.db");
    file("data/a.db-wal");
    file("data/plain");
    file("data/plain-wal");
    assertThat(members(expand("d: {path: 'data/*'}")))
        .containsExactly("d data/a.db {}", "d data/plain {}", "d data/plain-wal {}");
  }

  @Test
  void anyNumberOfFoldersIsSearchedAndNoneIsMetTwice() throws Exception {
    file("x.db");
    file("a/x.db");
    file("a/b/c/x.db");
    file("a/skip/x.db");
    assertThat(members(expand("d: {path: '**/x.db'}", "excludes: [skip]")))
        .containsExactly("d a/b/c/x.db {}", "d a/x.db {}", "d x.db {}");
    assertThat(members(expand("d: {path: '**/{f}/**/x.db'}", "excludes: [skip]")))
        .containsExactly("d a/b/c/x.db {f=a}", "d a/x.db {f=a}");
  }

  @Test
  void pathThatTwoSourcesMatchBelongsToTheFirst() throws Exception {
    file("a.db");
    assertThat(members(expand("one: {path: a.db}, two: {path: '*.db'}")))
        .containsExactly("one a.db {}");
  }

  @Test
  void whatIsMissingIsAFailureUnlessItIsNotRequired() {
    assertThat(findings(expand("a: {path: gone.db}")))
        .containsExactly("FAILURE source 'a': gone.db does not exist, or is excluded");
    assertThat(findings(expand("a: {path: gone.db, required: false}"))).isEmpty();
    assertThat(findings(expand("a: {path: 'x/{t}'}")))
        .containsExactly("WARNING source 'a': x/{t} matches nothing");
    assertThat(findings(expand("a: {path: 'x/{t}', required: false}"))).isEmpty();
    assertThat(expand("a: {path: 'x/{t}', required: true}").hasFailures()).isTrue();
  }

  @Test
  void rootThatDoesNotExistIsAFailure() throws Exception {
    Files.delete(root);
    Boundary boundary = expand("a: {path: '*.db', required: true}");
    assertThat(boundary.hasFailures()).isTrue();
    assertThat(boundary.outside().complete()).isFalse();
  }

  @Test
  void linksBelowTheRootAreNotFollowedAndNotPassedOverInSilence() throws Exception {
    Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(folder.resolve("elsewhere/x.db"), "secret");
    file("tenants/blue/x.db");
    Files.createSymbolicLink(root.resolve("tenants/green"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("linked"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("tenants/blue/y.db"), Path.of("x.db"));
    Boundary boundary =
        expand("t: {path: 'tenants/{t}/*.db'}, l: {path: linked/x.db}, w: {path: '**/x.db'}");
    assertThat(members(boundary)).containsExactly("t tenants/blue/x.db {t=blue}");
    assertThat(findings(boundary))
        .containsExactly(
            "WARNING source 't': tenants/blue/y.db is a symbolic link to x.db and is not followed:"
                + " name the real place",
            "WARNING source 't': tenants/green is a symbolic link to F/elsewhere and is not"
                + " followed: name the real place",
            "FAILURE source 'l': linked is a symbolic link to F/elsewhere and is not followed:"
                + " name the real place");
    assertThat(outside(boundary)).containsExactly("linked", "tenants/blue/y.db", "tenants/green");
  }

  @Test
  void rootThatIsALinkIsFollowed() throws Exception {
    file("a.db");
    Path real = root;
    root = Files.createSymbolicLink(folder.resolve("link"), real);
    Boundary boundary = expand("a: {path: '*.db'}");
    assertThat(boundary.members()).extracting(Member::path).containsExactly(folder + "/link/a.db");
  }

  @Test
  void absolutePathUnderTheRootIsUnderTheRoot() throws Exception {
    file("a/x.db");
    Files.createDirectories(folder.resolve("far"));
    Files.writeString(folder.resolve("far/y.db"), "y");
    Boundary boundary =
        expand("a: {path: '%s/a/{n}.db'}, f: {path: '%s/far/y.db'}".formatted(root, folder));
    assertThat(members(boundary)).containsExactly("a a/x.db {n=x}", "f far/y.db {}");
    assertThat(outside(boundary)).isEmpty();
    Files.createSymbolicLink(folder.resolve("near"), folder.resolve("far"));
    assertThat(members(expand("f: {path: '%s/near/y.db'}".formatted(folder))))
        .containsExactly("f near/y.db {}");
  }

  @Test
  void namesThatAreNotUtf8AreMatchedAndBound() throws Exception {
    String tenant = "\uDCFF\uDC80";
    Files.createDirectories(root.resolve("tenants"));
    Posix.mkdirat(OpenFlag.AT_FDCWD, root + "/tenants/" + tenant, 0700);
    int flags = OpenFlag.O_WRONLY | OpenFlag.O_CREAT | OpenFlag.O_CLOEXEC;
    Posix.close(Posix.open(root + "/tenants/" + tenant + "/x.db", flags, 0600));
    Posix.close(Posix.open(root + "/tenants/" + tenant + "/\uDCE9", flags, 0600));
    Boundary boundary = expand("t: {path: 'tenants/{tenant}/x.db'}");
    assertThat(members(boundary))
        .containsExactly("t tenants/" + tenant + "/x.db {tenant=" + tenant + "}");
    assertThat(outside(boundary)).containsExactly("tenants/" + tenant + "/\uDCE9");
  }

  @Test
  void listOfWhatIsOutsideIsBounded() throws Exception {
    file("inside");
    for (int i = 0; i < Outside.MAX_PATHS + 7; i++) {
      Files.writeString(root.resolve("f" + i), "x");
    }
    Outside outside = expand("i: {path: inside}").outside();
    assertThat(outside.paths()).hasSize(Outside.MAX_PATHS);
    assertThat(outside.leftOut()).isEqualTo(7);
  }

  @Test
  void excludesOfASourceTakeAwayMembersOfIt() throws Exception {
    file("t/blue/x.db");
    file("t/demo-1/x.db");
    Boundary boundary = expand("t: {path: 't/{t}/x.db', excludes: ['demo-*']}");
    assertThat(members(boundary)).containsExactly("t t/blue/x.db {t=blue}");
  }

  @Test
  void severityOfFindingsIsWhatTheyMeanForABackup() {
    assertThat(expand("a: {path: x}").findings())
        .extracting(Finding::severity)
        .containsExactly(Severity.FAILURE);
  }
}
