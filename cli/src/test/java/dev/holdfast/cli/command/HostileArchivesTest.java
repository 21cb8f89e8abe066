package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Archives that are refused: with the reason, nothing written to the repository, and nothing left
/// in the folder for temporary files.
class HostileArchivesTest {
  private static final String SUMS = ".holdfast/SHA256SUMS";

  @TempDir Path scratch;

  private Path temporary = Path.of("");
  private byte[] database = new byte[0];
  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void makeRepositoryAndDatabase() throws Exception {
    temporary = Files.createDirectories(scratch.resolve("temporary"));
    run = Run.on(scratch, scratch.resolve("repository")).set("TMPDIR", temporary.toString());
    run.holdfast("init").done();
    Path file = scratch.resolve("app.db");
    Command.of("sqlite3", file.toString(), "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)")
        .run()
        .succeeded();
    database = Files.readAllBytes(file);
  }

  private Map<String, Long> repository() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(scratch.resolve("repository"))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.size(file));
      }
    }
    return files;
  }

  private void refused(Path archive, String reason) throws IOException {
    Map<String, Long> before = repository();
    Run.Ended ended = run.holdfast("import", archive.toString()).with(1);
    assertThat(ended.err()).as(archive.toString()).contains(reason);
    assertThat(repository()).isEqualTo(before);
    assertThat(temporary).isEmptyDirectory();
  }

  private void refused(TarBytes tar, String reason) throws IOException {
    refused(tar.gzip(scratch.resolve("hostile.tar.gz")), reason);
  }

  /// An archive that would be good.
  private TarBytes good() {
    return new TarBytes().file("app.db", database);
  }

  @Test
  void goodArchiveIsTaken() throws IOException {
    Path archive = good().end().gzip(scratch.resolve("good.tar.gz"));
    assertThat(run.holdfast("import", archive.toString()).done().out())
        .contains("1 database opened and checked", "saved");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void namesThatLeadOutAreRefused() throws IOException {
    refused(good().file("../evil", "x").end(), "'../evil' leads out of the archive");
    refused(good().file("a/../../evil", "x").end(), "leads out of the archive");
    refused(good().file("/etc/evil", "x").end(), "'/etc/evil' is absolute");
    refused(good().file("a//b", "x").end(), "has an empty step");
    refused(good().file("a/" + "n".repeat(90), "x").file("", "x").end(), "has no name");
  }

  @Test
  void linksThatLeadOutAndAllHardLinksAreRefused() throws IOException {
    refused(good().link('2', "passwd", "/etc/passwd").end(), "leads out of it, to '/etc/passwd'");
    refused(good().link('2', "a/up", "../../x").end(), "leads out of it");
    refused(good().link('1', "hard", "app.db").end(), "'hard' is a hard link");
    refused(
        good().link('2', "here", "sub").file("here/evil", "x").end(),
        "something in 'here', which is no folder");
  }

  @Test
  void devicesAndPipesAreRefused() throws IOException {
    refused(good().link('3', "null", "").end(), "'null' is a device");
    refused(good().link('4', "disk", "").end(), "'disk' is a device");
    refused(good().link('6', "pipe", "").end(), "'pipe' is a pipe");
    refused(good().link('S', "sparse", "").end(), "sparse");
    refused(good().link('V', "label", "").end(), "of a kind of its own");
  }

  @Test
  void entriesThatComeTwiceAreRefused() throws IOException {
    refused(good().file("app.db", database).end(), "it has 'app.db' twice");
    refused(good().file("./app.db", database).end(), "it has 'app.db' twice");
    refused(good().link('2', "app.db", "other").end(), "it has 'app.db' twice");
  }

  @Test
  void archivesThatAreCutOffAnywhereAreRefused() throws IOException {
    Path archive = good().file("more", "content").end().gzip(scratch.resolve("whole.tar.gz"));
    byte[] whole = Files.readAllBytes(archive);
    Random random = new Random(8);
    for (int i = 0; i < 12; i++) {
      int length = i == 0 ? 0 : i == 1 ? whole.length - 1 : 1 + random.nextInt(whole.length - 1);
      Path cut = Files.write(scratch.resolve("cut.tar.gz"), Arrays.copyOf(whole, length));
      refused(cut, "holdfast: the archive is");
    }
    refused(good(), "without the end that a tar archive has");
    refused(good().raw(new byte[512]), "without the end that a tar archive has");
    refused(new TarBytes().header('0', "app.db", "", 5000).raw(new byte[700]), "within a file");
  }

  @Test
  void whatFollowsAnArchiveIsRefused() throws IOException {
    refused(good().end().raw(new byte[] {1}), "something follows the end of its tar data");
    Path archive = good().end().gzip(scratch.resolve("trailing.tar.gz"));
    Files.write(archive, new byte[] {'h', 'i'}, java.nio.file.StandardOpenOption.APPEND);
    refused(archive, "something follows the gzip data");
  }

  @Test
  void bombsAreRefusedBeforeTheyAreUnpacked() throws IOException {
    Path bomb = scratch.resolve("bomb.tar.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      gzip.write(new TarBytes().header('0', "zeros", "", 2L << 30).bytes());
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 400; i++) {
        gzip.write(zeros);
      }
    }
    refused(bomb, "400 times as large as itself");
    Path archive = good().end().gzip(scratch.resolve("good.tar.gz"));
    assertThat(run.holdfast("import", archive.toString(), "--max-size", "4K").with(1).err())
        .contains("it holds more than 4.000 KiB");
    refused(
        new TarBytes().header('x', "records", "", 1L << 30).raw(new byte[4096]),
        "the names of an entry have 1073741824 bytes");
    refused(
        new TarBytes().header('L', "long", "", 1L << 30).raw(new byte[4096]),
        "the names of an entry have 1073741824 bytes");
  }

  @Test
  void damagedHeadersAreRefused() throws IOException {
    byte[] tar = good().file("second", "x").end().bytes();
    tar[tar.length - 1024 - 1024 + 124] = '7';
    refused(new TarBytes().raw(tar), "the checksum of an entry's header is wrong");
    Path archive = good().end().gzip(scratch.resolve("flipped.tar.gz"));
    byte[] flipped = Files.readAllBytes(archive);
    flipped[flipped.length - 6] ^= 1;
    refused(Files.write(archive, flipped), "the checksum of its gzip data is wrong");
  }

  @Test
  void databasesThatAreDamagedOrNoneAreRefused() throws IOException {
    byte[] damaged = database.clone();
    Arrays.fill(damaged, 4096, 4096 + 100, (byte) 0x5a);
    refused(new TarBytes().file("app.db", damaged).end(), "damaged");
    refused(new TarBytes().file("app.db", "hello").end(), "is named as a database, and is none");
    refused(new TarBytes().file("readme", "hello").end(), "there is no database in it");
    refused(new TarBytes().end(), "it holds nothing");
  }

  @Test
  void filesThatAreNotWhatTheirNameSaysAreRefused() throws IOException {
    Path text = Files.writeString(scratch.resolve("text.zip"), "hello, I am a text\n");
    refused(text, "is named as zip, but its content is none");
    Path other = Files.writeString(scratch.resolve("text.tar.gz"), "hello, I am a text\n");
    refused(other, "is named as gzip");
    refused(Files.writeString(scratch.resolve("anything"), "hello"), "neither a tar archive nor");
    Path tar = good().end().gzip(scratch.resolve("good.tar.zst"));
    refused(tar, "is named as zstd, but its content is gzip");
  }

  @Test
  void ourOwnArchivesWithOtherContentAreRefused() throws IOException {
    run.holdfast("backup", scratch.resolve("app.db").toString()).done();
    Path archive = scratch.resolve("ours.tar");
    Path packed = scratch.resolve("ours.tar.gz");
    run.holdfast("export", "latest", packed.toString()).done();
    Command.of("gzip", "-dkf", packed.toString()).run().succeeded();
    byte[] ours = Files.readAllBytes(archive);
    int at = indexOf(ours, "SQLite format 3") + 4096 + 4000;
    byte[] changed = ours.clone();
    changed[at] ^= 1;
    refused(Files.write(archive, changed), "its checksums do not match its files");
    changed = ours.clone();
    int sums = indexOf(ours, SUMS);
    changed[sums + 512] = changed[sums + 512] == 'a' ? (byte) 'b' : (byte) 'a';
    refused(Files.write(archive, changed), "its checksums do not match its files");
    refused(
        Files.write(archive, concat(Arrays.copyOf(ours, sums), new byte[1024])),
        "the checksums that should be at its end are missing");
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static int indexOf(byte[] bytes, String text) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    return at;
  }

  private static byte[] zip(String... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndContents[i]));
        zip.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private void refusedZip(byte[] zip, String reason) throws IOException {
    refused(Files.write(scratch.resolve("hostile.zip"), zip), reason);
  }

  private static final String METADATA =
      "{\"format\":1,\"createdAt\":\"2026-01-01T00:00:00Z\",\"app\":{},\"database\":{}}";

  @Test
  void zipsOfAnotherShapeAreRefused() throws IOException {
    refusedZip(
        zip("metadata.json", METADATA), "should have exactly metadata.json and database.dump");
    refusedZip(
        zip("metadata.json", METADATA, "database.dump", "x", "more", "y"), "should have exactly");
    refusedZip(zip("metadata.json", METADATA, "../database.dump", "x"), "leads out");
    refusedZip(zip("metadata.json", METADATA, "/database.dump", "x"), "is absolute");
    refusedZip(zip("metadata.json", METADATA, "a\\b", "x"), "is not a plain file");
    refusedZip(zip("metadata.json", "{\"format\":2}", "database.dump", "x"), "has format 2");
    refusedZip(zip("metadata.json", "[]", "database.dump", "x"), "no object");
    refusedZip(zip("metadata.json", METADATA, "database.dump", "x"), "no dump in PostgreSQL's");
    refusedZip(
        zip("metadata.json", METADATA, "database.dump", "PGDMP and nothing"), "not a whole dump");
  }

  @Test
  void zipsThatContradictThemselvesAreRefused() throws IOException {
    byte[] good = zip("metadata.json", METADATA, "database.dump", "content");
    byte[] twice = zip("metadata.json", METADATA, "metadata.jsoN", METADATA);
    for (int at = 0; at < twice.length - 13; at++) {
      if (new String(twice, at, 13, StandardCharsets.ISO_8859_1).equals("metadata.jsoN")) {
        twice[at + 12] = 'n';
      }
    }
    refusedZip(twice, "two entries 'metadata.json'");
    byte[] local = good.clone();
    local[30] = 'M';
    refusedZip(local, "is not what its directory says");
    byte[] encrypted = good.clone();
    int central = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 6);
    encrypted[central + 8] |= 1;
    refusedZip(encrypted, "is encrypted");
    byte[] method = good.clone();
    method[central + 10] = 93;
    refusedZip(method, "method 93");
    byte[] sum = good.clone();
    sum[central + 16] ^= 1;
    refusedZip(sum, "not what its directory says");
    refusedZip(Arrays.copyOf(good, good.length - 1), "does not end as a zip archive does");
    refusedZip(concat(good, new byte[] {'x'}), "does not end as a zip archive does");
    byte[] between = concat(Arrays.copyOf(good, central), new byte[] {0});
    refusedZip(concat(between, Arrays.copyOfRange(good, central, good.length)), "zip directory");
    refusedZip(Arrays.copyOf(good, 100), "does not end");
  }

  @Test
  void realEncryptedZipIsRefused() throws IOException {
    Files.writeString(scratch.resolve("metadata.json"), METADATA);
    Files.writeString(scratch.resolve("database.dump"), "PGDMP");
    Path zip = scratch.resolve("secret.zip");
    Command.of("zip", "-q", "-j", "-P", "secret", zip.toString())
        .with(scratch.resolve("metadata.json").toString())
        .with(scratch.resolve("database.dump").toString())
        .run()
        .succeeded();
    refused(zip, "is encrypted");
  }

  @Test
  void randomlyDamagedArchivesAreTakenOrRefusedAndNeverCrash() throws IOException {
    byte[] tar = good().file("more", "content").end().bytes();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      byte[] changed = tar.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      Path archive = Files.write(scratch.resolve("fuzzed.tar"), changed);
      Run.Ended ended = run.holdfast("import", "--dry-run", archive.toString());
      assertThat(ended.status()).as("seed " + seed + ", round " + i + ended.err()).isBetween(0, 1);
      assertThat(ended.err()).as("seed " + seed).doesNotContain("internal", "Exception");
    }
    assertThat(List.of(temporary.toFile().list())).isEmpty();
  }
}
