package dev.holdfast.engine.source.sqlite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The line of a report on how long commits took.
public final class Latencies {
  private Latencies() {}

  public static void print(String title, List<WriterProcess> writers)
      throws IOException, InterruptedException {
    Map<String, List<Long>> all = new HashMap<>();
    for (WriterProcess writer : writers) {
      writer
          .finish()
          .forEach((phase, samples) ->
              all.computeIfAbsent(phase, _ -> new ArrayList<>()).addAll(samples));
    }
    for (String phase : List.of("quiet", "backup")) {
      List<Long> sorted = all.getOrDefault(phase, List.of()).stream().sorted().toList();
      System.out.printf(
          "%s, commits %s: %d, p50 %d us, p99 %d us, max %d us%n",
          title,
          phase.equals("quiet") ? "without a backup" : "during backups",
          sorted.size(),
          at(sorted, 0.5),
          at(sorted, 0.99),
          at(sorted, 1));
    }
  }

  private static long at(List<Long> sorted, double share) {
    return sorted.isEmpty()
        ? 0
        : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
  }
}
