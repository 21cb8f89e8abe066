package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.format.PackId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which packs a check reads as a whole, as `--read-data` and `--read-data-subset` of restic say
/// it.
public sealed interface ReadData {
  /// The first byte of a pack's id chooses its part.
  int MAX_PARTS = 256;

  /// No pack.
  record None() implements ReadData {}

  /// Every pack.
  record All() implements ReadData {}

  /// The packs of part `part` of `parts`: the same ones each time, so that checking one part a day
  /// reads everything in so many days.
  record Part(int part, int parts) implements ReadData {
    public Part {
      if (parts < 1 || parts > MAX_PARTS || part < 1 || part > parts) {
        throw rejected(part + "/" + parts);
      }
    }
  }

  /// So many of a hundred packs, at random.
  record Percent(double percent) implements ReadData {
    public Percent {
      if (!(percent > 0 && percent <= 100)) {
        throw rejected(percent + "%");
      }
    }
  }

  /// About so many bytes of packs, at random.
  record Bytes(long bytes) implements ReadData {
    public Bytes {
      if (bytes < 1) {
        throw rejected(Long.toString(bytes));
      }
    }
  }

  /// A pack with its length in the store.
  record StoredPack(PackId id, long lengthBytes) {}

  /// Reads `n/t`, `x%` or a size such as `500M`, with units of 1024.
  ///
  /// @throws Rejected if it is none of these
  static ReadData parse(String subset) {
    Matcher part = Pattern.compile("(\\d{1,9})/(\\d{1,9})").matcher(subset);
    if (part.matches()) {
      return new Part(Integer.parseInt(part.group(1)), Integer.parseInt(part.group(2)));
    }
    Matcher percent = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)%").matcher(subset);
    if (percent.matches()) {
      return new Percent(Double.parseDouble(percent.group(1)));
    }
    Matcher size = Pattern.compile("(\\d{1,15})([bkmgt]?)").matcher(lower(subset));
    if (size.matches()) {
      return new Bytes(bytes(subset, Long.parseLong(size.group(1)), size.group(2)));
    }
    throw rejected(subset);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static long bytes(String subset, long number, String unit) {
    int power = unit.isEmpty() ? 0 : "bkmgt".indexOf(unit);
    try {
      return Math.multiplyExact(number, 1L << (10 * power));
    } catch (ArithmeticException tooLarge) {
      throw rejected(subset);
    }
  }

  private static Rejected rejected(String subset) {
    return new Rejected(
        "cannot read the subset '" + subset + "' of the data",
        "give n/t with n from 1 to t and t up to " + MAX_PARTS + ", or x%, or a size such as 500M");
  }

  /// Chooses from all packs. At least one pack is chosen where any is asked for.
  default List<StoredPack> choose(List<StoredPack> packs, Random random) {
    return switch (this) {
      case None none -> List.of();
      case All all -> packs;
      case Part part ->
          packs.stream()
              .filter(pack -> firstByte(pack.id()) % part.parts() == part.part() - 1)
              .toList();
      case Percent percent -> share(packs, percent.percent() / 100, random);
      case Bytes bytes -> {
        long total = packs.stream().mapToLong(StoredPack::lengthBytes).sum();
        yield share(packs, total == 0 ? 1 : Math.min(1, (double) bytes.bytes() / total), random);
      }
    };
  }

  private static int firstByte(PackId pack) {
    return (int) (pack.hash().w0() >>> (Long.SIZE - Byte.SIZE));
  }

  private static List<StoredPack> share(List<StoredPack> packs, double share, Random random) {
    List<StoredPack> shuffled = new ArrayList<>(packs);
    Collections.shuffle(shuffled, random);
    int count = Math.max(1, (int) (packs.size() * share));
    return shuffled.subList(0, Math.min(count, packs.size()));
  }
}
