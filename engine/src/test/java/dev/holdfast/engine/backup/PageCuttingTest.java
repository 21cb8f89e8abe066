package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is stored of a file of pages from backup to backup, shown with a file that is its own
/// image.
final class PageCuttingTest {
  private static final byte[] MAGIC = "Pages".getBytes(StandardCharsets.US_ASCII);
  private static final byte BUSY = 'b';
  private static final byte QUIET = 'q';
  private static final int PAGE_BYTES = 4096;

  @TempDir private Path folder;
  private Path file;
  private TestRepository repository;
  private final PageEngine engine = new PageEngine();
  private Random random = new Random();

  @BeforeEach
  void create() throws IOException {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of pages: " + seed);
    random = new Random(seed);
    file = Files.createDirectory(folder.resolve("source")).resolve("app.pages");
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private static Cutting.Pages pages(int pageBytes) {
    return new Cutting.Pages(
        pageBytes, (position, bytes, offset) -> position == 0 || bytes[offset] == BUSY);
  }

  /// Pages of noise, a tenth of them busy.
  private byte[] image(int pageBytes, int count) {
    byte[] image = new byte[pageBytes * count];
    random.nextBytes(image);
    for (int page = 0; page < count; page++) {
      image[page * pageBytes] = page % 10 == 0 ? BUSY : QUIET;
    }
    System.arraycopy(MAGIC, 0, image, 0, MAGIC.length);
    return image;
  }

  private BlobIds backUp(byte[] image, Cutting cutting) throws IOException {
    Files.write(file, image);
    engine.cutting = cutting;
    RecordedEvents events = new RecordedEvents();
    List<String> paths = List.of(file.toString());
    BackupResult result =
        new Archiver(repository.repository(), List.of(engine), Clock.system(ZoneOffset.UTC))
            .run(BackupTargets.ofPaths(paths), repository.optionsWithParent(paths), events);
    assertThat(events.problems()).isEmpty();
    Node node =
        StoredTrees.find(repository.repository(), result.snapshot().tree(), paths.getFirst());
    assertThat(node.sizeBytes()).isEqualTo(image.length);
    BlobIds ids = node.content();
    assertThat(ids).isNotNull();
    assertThat(content(ids)).isEqualTo(image);
    return ids;
  }

  private byte[] content(BlobIds ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ids.forEach(id -> bytes.writeBytes(blob(id)));
    return bytes.toByteArray();
  }

  private byte[] blob(BlobId id) {
    return repository.repository().loadBlob(new BlobHandle(BlobType.DATA, id));
  }

  private int bytesOutside(BlobIds now, BlobIds before) {
    Set<BlobId> known = new HashSet<>();
    before.forEach(known::add);
    int bytes = 0;
    for (int i = 0; i < now.size(); i++) {
      bytes += known.contains(now.get(i)) ? 0 : blob(now.get(i)).length;
    }
    return bytes;
  }

  @Test
  void unchangedFileKeepsItsExtents() throws IOException {
    byte[] image = image(PAGE_BYTES, 1000);
    BlobIds first = backUp(image, pages(PAGE_BYTES));
    assertThat(first.size()).isGreaterThan(50);
    assertThat(backUp(image, pages(PAGE_BYTES))).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536})
  void everyGenerationIsStoredWholeWhateverThePageSize(int pageBytes) throws IOException {
    byte[] image = image(pageBytes, Math.max(40, 1_500_000 / pageBytes));
    for (int generation = 0; generation < 4; generation++) {
      backUp(image, pages(pageBytes));
      for (int i = random.nextInt(40); i >= 0; i--) {
        int page = 1 + random.nextInt(image.length / pageBytes - 1);
        image[page * pageBytes + 1 + random.nextInt(pageBytes - 1)] ^= 1;
      }
      int pageCount = Math.max(2, image.length / pageBytes + random.nextInt(60) - 25);
      byte[] next = image(pageBytes, pageCount);
      System.arraycopy(image, 0, next, 0, Math.min(image.length, next.length));
      image = next;
    }
  }

  @Test
  void fewChangedPagesStoreLittleAndLessTheSecondTime() throws IOException {
    byte[] image = image(PAGE_BYTES, 2000);
    BlobIds first = backUp(image, pages(PAGE_BYTES));
    image[777 * PAGE_BYTES + 9] ^= 1;
    BlobIds second = backUp(image, pages(PAGE_BYTES));
    int once = bytesOutside(second, first);
    assertThat(once).isBetween(PAGE_BYTES, 64 * PAGE_BYTES);
    image[777 * PAGE_BYTES + 9] ^= 2;
    assertThat(bytesOutside(backUp(image, pages(PAGE_BYTES)), second)).isLessThanOrEqualTo(once);
  }

  @Test
  void chunksOfAnotherProgramAreKeptWhereNothingChanged() throws IOException {
    byte[] image = image(PAGE_BYTES, 3000);
    BlobIds chunks = backUp(image, new Cutting.ByContent());
    assertThat(backUp(image, pages(PAGE_BYTES))).isEqualTo(chunks);
    image[100 * PAGE_BYTES + 9] ^= 1;
    BlobIds mixed = backUp(image, pages(PAGE_BYTES));
    assertThat(bytesOutside(mixed, chunks)).isLessThan(image.length / 2);
    image[100 * PAGE_BYTES + 9] ^= 1;
    assertThat(bytesOutside(backUp(image, pages(PAGE_BYTES)), mixed)).isLessThan(128 * PAGE_BYTES);
  }

  @Test
  void extentsOfOneSizeAreKeptWhereNothingChanged() throws IOException {
    byte[] image = image(PAGE_BYTES, 1000);
    BlobIds fixed = backUp(image, new Cutting.Extents(16 * 1024));
    image[100 * PAGE_BYTES + 9] ^= 1;
    BlobIds next = backUp(image, pages(PAGE_BYTES));
    assertThat(bytesOutside(next, fixed)).isEqualTo(16 * 1024);
  }

  @Test
  void fileThatChangedThroughoutIsCutAsIfItWereNew() throws IOException {
    backUp(image(PAGE_BYTES, 1000), pages(PAGE_BYTES));
    byte[] image = image(PAGE_BYTES, 1000);
    BlobIds rewritten = backUp(image, pages(PAGE_BYTES));
    repository.close();
    repository = TestRepository.create(folder.resolve("another"), 2);
    int anew = backUp(image, pages(PAGE_BYTES)).size();
    assertThat(rewritten.size()).isBetween(anew / 2, anew * 2);
  }

  @Test
  void headOfAFileOfBlocksIsAPieceOfItsOwn() throws IOException {
    byte[] image = image(PAGE_BYTES, 3 + 2 * 64);
    BlobIds ids = backUp(image, new Cutting.Extents(3 * PAGE_BYTES, 64 * PAGE_BYTES));
    assertThat(ids.size()).isEqualTo(3);
    assertThat(blob(ids.get(0))).hasSize(3 * PAGE_BYTES);
    assertThat(blob(ids.get(2))).hasSize(64 * PAGE_BYTES);
  }

  /// Files that are their own images, read again every time.
  private static final class PageEngine implements DatabaseEngine {
    private final AtomicLong looks = new AtomicLong();
    volatile Cutting cutting = new Cutting.ByContent();

    @Override
    public String name() {
      return "pages";
    }

    @Override
    public boolean recognizes(byte[] head, int length) {
      return length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    @Override
    public boolean recognizes(String path) throws IOException {
      byte[] head = Files.readAllBytes(Path.of(path));
      return recognizes(head, head.length);
    }

    @Override
    public List<String> sidecarSuffixes() {
      return List.of();
    }

    @Override
    public Optional<String> stateMark(String path) {
      return Optional.of("look " + looks.incrementAndGet());
    }

    @Override
    public Content open(String path) {
      try {
        return new PageImage(Files.readAllBytes(Path.of(path)), cutting);
      } catch (IOException e) {
        throw new HoldfastException.InputOutput("cannot read " + path, "", e);
      }
    }
  }

  private static final class PageImage implements Content {
    private final byte[] image;
    private final Cutting cutting;

    PageImage(byte[] image, Cutting cutting) {
      this.image = image;
      this.cutting = cutting;
    }

    @Override
    public long lengthBytes() {
      return image.length;
    }

    @Override
    public Cutting cutting() {
      return cutting;
    }

    @Override
    public Claim claim() {
      return Claim.TRANSACTIONAL;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      if (position + length > image.length) {
        throw new EOFException("no more");
      }
      System.arraycopy(image, (int) position, target, offset, length);
    }

    @Override
    public void close() {}
  }
}
