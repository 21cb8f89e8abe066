package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.cli.Run;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.Mount;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a snapshot has comes back out of an archive that was made of it; and an archive that only
/// says that it was made of one gets nothing by that.
class OwnArchivesTest extends ArchiveOfAFolderTest {
  private Path archive = Path.of("");

  @BeforeEach
  void fillFolder() throws Exception {
    Files.writeString(app.resolve("file"), "content");
    archive = scratch.resolve("app.tar.gz");
  }

  private Run.Ended exported() {
    run.holdfast("backup", app.toString()).done();
    return run.holdfast("export", "latest", archive.toString()).done();
  }

  private Path imported() {
    run.holdfast("import", archive.toString(), "--scratch", scratch.toString()).done();
    Path out = scratch.resolve("out");
    run.holdfast("restore", "latest:" + app, "--tag", "imported", "--target", out.toString())
        .done();
    return out;
  }

  @Test
  void extendedAttributesComeBackByteForByte() throws Exception {
    Files.createDirectory(app.resolve("folder"));
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    String file = app.resolve("file").toString();
    Posix.setXattr(file, "user.every byte", every);
    Posix.setXattr(file, "user.empty", new byte[0]);
    Posix.setXattr(file, "user.lines", "a=b\n12 x=y\n".getBytes(StandardCharsets.UTF_8));
    Posix.setXattr(file, "user.100%25=3D%", new byte[] {1});
    Posix.setXattr(app.resolve("folder").toString(), "user.of-a-folder", new byte[] {0, '\n'});
    Posix.fchmodat(OpenFlag.AT_FDCWD, file, 0444, 0);
    exported();

    Path out = imported();

    String back = out.resolve("file").toString();
    assertThat(Posix.listXattr(back))
        .containsExactlyInAnyOrderElementsOf(Posix.listXattr(file))
        .hasSize(4);
    for (String name : Posix.listXattr(file)) {
      assertThat(Posix.getXattr(back, name)).as(name).isEqualTo(Posix.getXattr(file, name));
    }
    assertThat(Posix.lstat(back).mode()).isEqualTo(0444);
    assertThat(Posix.getXattr(out.resolve("folder").toString(), "user.of-a-folder"))
        .containsExactly(0, '\n');

    Path extracted = Files.createDirectory(scratch.resolve("extracted"));
    Command.of("tar", "--xattrs", "-xzf", archive.toString(), "-C", extracted.toString())
        .run()
        .succeeded();
    assertThat(Posix.listXattr(extracted.resolve("file").toString()))
        .containsExactlyInAnyOrderElementsOf(Posix.listXattr(file));
  }

  @Test
  void attributesOfMoreThanAMegabyteComeBackAndMoreThanThereIsRoomForAreNamed() throws Exception {
    Optional<Mount> disk = Mount.smallDisk(app, "32m");
    assumeThat(disk).as("mounting takes root").isPresent();
    try (Mount mounted = disk.orElseThrow()) {
      Path many = Files.writeString(app.resolve("many"), "content");
      Path tooMany = Files.writeString(app.resolve("too many"), "content");
      byte[] value = new byte[64 << 10];
      for (int i = 0; i < 70; i++) {
        value[0] = (byte) i;
        Posix.setXattr(tooMany.toString(), "user.a" + i, value);
        if (i < 20) {
          Posix.setXattr(many.toString(), "user.a" + i, value);
        }
      }
      assertThat(exported().err()).contains("1 entries have more extended attributes than");
      run.holdfast("import", archive.toString(), "--scratch", app.toString()).done();
      Path out = app.resolve("out");
      run.holdfast("restore", "latest:" + app, "--tag", "imported", "--target", out.toString())
          .done();
      assertThat(Posix.listXattr(out.resolve("many").toString())).hasSize(20);
      assertThat(Posix.getXattr(out.resolve("many").toString(), "user.a19"))
          .hasSize(value.length)
          .startsWith(19);
      assertThat(Posix.listXattr(out.resolve("too many").toString())).isEmpty();
      assertThat(mounted).isNotNull();
    }
  }

  @Test
  void extendedAttributesThatTheSystemDoesNotTakeAreNamed() throws Exception {
    // No file system of Linux takes one of this kind for a symbolic link.
    byte[] record = "25 SCHILY.xattr.user.a=b\n".getBytes(StandardCharsets.UTF_8);
    Files.write(
        archive,
        new TarBytes()
            .file("app.db", database())
            .entry('x', "PaxHeaders/entry", "", record)
            .link('2', "link", "app.db")
            .end()
            .bytes());
    Path tar = Files.move(archive, scratch.resolve("app.tar"));
    Run.Ended ended = run.holdfast("import", tar.toString()).done();
    assertThat(ended.err())
        .contains("the extended attribute 'user.a' of 'link' cannot be taken in: ");
  }

  @Test
  void linksThatLeadAnywhereComeBackAsTheyWere() throws Exception {
    Files.createDirectories(app.resolve("a/b"));
    Files.createSymbolicLink(app.resolve("absolute"), Path.of("/etc/shop/config.yaml"));
    Files.createSymbolicLink(app.resolve("a/up"), Path.of("../../../shared"));
    Files.createSymbolicLink(app.resolve("a/b/top"), Path.of("../.."));
    Files.createSymbolicLink(app.resolve("winding"), Path.of("a/b/top/../etc"));
    assertThat(exported().err()).contains("2 symbolic links lead out of the archive");

    Path out = imported();

    for (String link : new String[] {"absolute", "a/up", "a/b/top", "winding"}) {
      assertThat(Files.readSymbolicLink(out.resolve(link)))
          .isEqualTo(Files.readSymbolicLink(app.resolve(link)));
    }
  }

  private byte[] database() throws Exception {
    Path file = scratch.resolve("made.db");
    Command.of("sqlite3", file.toString(), "CREATE TABLE t(a)").run().succeeded();
    return Files.readAllBytes(file);
  }

  /// An archive that says that it is of a snapshot, as anybody could make it.
  private static final class Forged {
    private final TarBytes tar = new TarBytes();
    private final StringBuilder sums = new StringBuilder();

    Forged(String... roots) throws Exception {
      StringBuilder list = new StringBuilder();
      for (int i = 0; i < roots.length; i += 2) {
        list.append(list.isEmpty() ? "" : ",")
            .append("{\"name\":\"%s\",\"path\":\"%s\"}".formatted(roots[i], roots[i + 1]));
      }
      file(
          ".holdfast/archive.json",
          ("{\"format\":1,\"program\":\"holdfast\",\"snapshot\":\"0\",\"host\":\"h\","
                  + "\"time\":\"2026-01-02T03:04:05Z\",\"roots\":["
                  + list
                  + "]}")
              .getBytes(StandardCharsets.UTF_8));
    }

    Forged file(String name, byte[] content) throws Exception {
      tar.file(name, content);
      byte[] sum = java.security.MessageDigest.getInstance("SHA-256").digest(content);
      sums.append(HexFormat.of().formatHex(sum)).append("  ").append(name).append('\n');
      return this;
    }

    Forged link(String name, Path target) {
      tar.link('2', name, target.toString());
      return this;
    }

    byte[] bytes() {
      return tar.file(".holdfast/SHA256SUMS", sums.toString()).end().bytes();
    }
  }

  private void refused(Forged forged, String reason) throws Exception {
    Path outside = Files.createDirectories(scratch.resolve("outside"));
    Path secret = Files.writeString(outside.resolve("secret"), "mine");
    Path tar = Files.write(scratch.resolve("forged.tar"), forged.bytes());
    assertThat(
            run.holdfast("import", tar.toString(), "--scratch", scratch.toString()).with(1).err())
        .contains(reason);
    assertThat(outside).isDirectoryContaining("glob:**secret");
    assertThat(outside.toFile().list()).containsExactly("secret");
    assertThat(secret).hasContent("mine");
    assertThat(run.holdfast("snapshots", "--json").done().out()).isEqualToIgnoringWhitespace("[]");
  }

  @Test
  void nothingIsWrittenOrReadThroughLinksOfAnArchiveThatSaysItIsOurs() throws Exception {
    Path outside = scratch.resolve("outside");
    byte[] evil = "evil".getBytes(StandardCharsets.UTF_8);
    refused(
        new Forged("", "/").link("out", outside).file("out/evil", evil),
        "something in 'out', which is no folder");
    refused(
        new Forged("z", "/in", "a", "/in/evil").link("z", outside).file("a", evil),
        "'/in/evil' would be in '/in', which is no folder");
    refused(
        new Forged("out/secret", "/secret").link("out", outside),
        "what it says of its parts does not agree");
    refused(
        new Forged("", "/")
            .link("app.db-wal", outside.resolve("secret"))
            .file("app.db", database()),
        "'app.db-wal', beside a database, is a symbolic link");
  }
}
