package dev.holdfast.benchmarks;

import dev.holdfast.engine.extent.ChangeRates;
import dev.holdfast.engine.extent.PageGrid;
import dev.holdfast.repository.pack.Compressor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares schemes of cutting a database on one day, or one month, of its changes, without writing
/// a repository: the evidence for the scheme that was chosen. Runs the program's own planner.
final class ExtentBenchmark {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int BACKUPS_A_DAY = 120;
  private static final int BACKUPS_AN_HOUR = 5;
  private static final int HOURS_KEPT = 24;
  private static final int DAYS_KEPT = 30;

  private final PageGrid grid;
  private final List<byte[]> image = new ArrayList<>();
  private final BitSet busy = new BitSet();
  private final List<ExtentScheme> schemes = new ArrayList<>();
  private final List<SimulatedRepository> repositories = new ArrayList<>();
  private final List<Double> floor = new ArrayList<>();

  private ExtentBenchmark(PageGrid grid) {
    this.grid = grid;
  }

  static void run(Arguments given, PrintStream out)
      throws IOException, SQLException, InterruptedException {
    Path scratch = Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")).toAbsolutePath();
    SqliteDataSet data = SqliteDataSet.parse(given);
    Workday.Shape shape = DayOptions.shape(given);
    int backups = given.take("backups", BACKUPS_A_DAY);
    String weights = given.take("weights", "0,0.05,0.1,0.2,0.3,0.5");
    boolean othersToo = Boolean.parseBoolean(given.take("others", "true"));
    given.end();
    if (data.pageSizeBytes() < 4096) {
      throw new IllegalArgumentException("units of several pages are not simulated");
    }
    Files.createDirectories(scratch);
    Path live = scratch.resolve("simulated.db");
    Files.copy(data.in(scratch), live, StandardCopyOption.REPLACE_EXISTING);
    ExtentBenchmark benchmark = new ExtentBenchmark(new PageGrid(data.pageSizeBytes()));
    benchmark.schemes(weights, othersToo);
    benchmark.begin(live, backups * (shape.inserts() + shape.updates()));
    try (Workday day = new Workday(live, data, shape)) {
      for (int i = 0; i < backups; i++) {
        benchmark.next(day.work());
      }
    }
    out.printf(Locale.ROOT, "%s, %d backups, between two %s%n%n", data.name(), backups, shape);
    benchmark.print(out, backups);
    Files.delete(live);
  }

  private void schemes(String weights, boolean othersToo) {
    int unitBytes = grid.unitBytes();
    if (othersToo) {
      for (int kib : new int[] {4, 8, 16, 32, 64}) {
        schemes.add(ExtentScheme.fixed(kib, unitBytes));
      }
      schemes.add(ExtentScheme.halving(64, unitBytes));
      schemes.add(ExtentScheme.uncorrected(new ChangeRates(0.012, 0.001), grid));
      schemes.add(ExtentScheme.blind(0.2, grid));
    }
    for (String weight : weights.split(",", -1)) {
      schemes.add(ExtentScheme.planned(Double.parseDouble(weight), grid));
    }
  }

  private void begin(Path database, int pagesAddedMax) throws IOException {
    try (InputStream input = Files.newInputStream(database)) {
      for (byte[] page = input.readNBytes(grid.unitBytes());
          page.length > 0;
          page = input.readNBytes(grid.unitBytes())) {
        set(image.size(), page);
      }
    }
    int unitsMax = image.size() + pagesAddedMax;
    for (ExtentScheme scheme : schemes) {
      repositories.add(new SimulatedRepository(scheme, grid, image, busy, unitsMax));
    }
    repositories.forEach(SimulatedRepository::begin);
  }

  private void set(int unit, byte[] page) {
    while (image.size() <= unit) {
      image.add(page);
    }
    image.set(unit, page);
    busy.set(unit, unit == 0 || page[0] == 0x0a || page[0] == 0x02 || page[0] == 0x05);
  }

  private void next(Workday.Changes changes) {
    BitSet changed = new BitSet();
    for (Map.Entry<Integer, byte[]> page : changes.pages().entrySet()) {
      set(page.getKey(), page.getValue());
      changed.set(page.getKey());
    }
    floor.add((double) compressed(changes.bytes()));
    for (SimulatedRepository repository : repositories) {
      repository.next(changed);
    }
  }

  private static int compressed(byte[] bytes) {
    try (Compressor compressor = new Compressor(3)) {
      byte[] out = new byte[Compressor.boundBytes(bytes.length)];
      return compressor.compress(bytes, 0, bytes.length, out, 0);
    }
  }

  /// What chunks of a megabyte take, which is what restic makes on average.
  private double inChunks() {
    int pages = CHUNK_BYTES / grid.unitBytes();
    double bytes = 0;
    for (int from = 0; from < image.size(); from += pages) {
      byte[] chunk = new byte[Math.min(pages, image.size() - from) * grid.unitBytes()];
      for (int i = 0; i < chunk.length / grid.unitBytes(); i++) {
        System.arraycopy(image.get(from + i), 0, chunk, i * grid.unitBytes(), grid.unitBytes());
      }
      bytes += compressed(chunk);
    }
    return bytes;
  }

  private void print(PrintStream out, int backups) {
    double chunks = inChunks();
    Spread floorSpread = Spread.of(floor);
    out.printf(
        Locale.ROOT,
        "floor %s kB; in chunks of 1 MiB %.1f MB%n%n",
        floorSpread.text("%.0f", 1e-3),
        chunks / 1e6);
    out.println(
        "| scheme | first MB | / chunks | growth kB | mean growth / floor | extents |"
            + " all kept MB | by retention MB |");
    out.println("|---|---|---|---|---|---|---|---|");
    BitSet all = new BitSet();
    all.set(0, backups + 1);
    for (SimulatedRepository repository : repositories) {
      Spread growth = Spread.of(repository.growth());
      out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.3f | %s | %.2f | %,d | %.0f | %.0f |%n",
          repository.name(),
          repository.first() / 1e6,
          repository.first() / chunks,
          growth.text("%.0f", 1e-3),
          growth.mean() / floorSpread.mean(),
          repository.count(),
          repository.held(all) / 1e6,
          repository.held(retained(backups)) / 1e6);
    }
    out.flush();
  }

  /// The last snapshot of each of the last hours, and of each of the last days.
  private static BitSet retained(int backups) {
    BitSet kept = new BitSet();
    for (int hour = 0; hour < HOURS_KEPT; hour++) {
      kept.set(Math.max(0, backups - hour * BACKUPS_AN_HOUR));
    }
    for (int day = 0; day < DAYS_KEPT; day++) {
      kept.set(Math.max(0, backups - day * BACKUPS_A_DAY));
    }
    return kept;
  }
}
