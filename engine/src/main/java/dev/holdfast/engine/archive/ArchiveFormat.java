package dev.holdfast.engine.archive;

import dev.holdfast.repository.error.HoldfastException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The kinds of portable archives.
public enum ArchiveFormat {
  /// `tar.gz`: databases at the root without files beside them, trees of files below.
  TAR_GZ("tar.gz"),
  /// The same, compressed with Zstandard.
  TAR_ZST("tar.zst"),
  /// `zip` of `metadata.json` and `database.dump`.
  ZIP("zip"),
  /// A folder of folders that DuckDB's `EXPORT DATABASE` makes.
  DUCKDB("duckdb");

  private final String word;

  ArchiveFormat(String word) {
    this.word = word;
  }

  /// What options call it.
  public String word() {
    return word;
  }

  private List<String> endings() {
    return switch (this) {
      case TAR_GZ -> List.of(".tar.gz", ".tgz");
      case TAR_ZST -> List.of(".tar.zst", ".tar.zstd", ".tzst");
      case ZIP -> List.of(".zip");
      case DUCKDB -> List.of();
    };
  }

  /// The format that a name stands for; empty if it stands for none.
  public static Optional<ArchiveFormat> ofName(String name) {
    return Arrays.stream(values())
        .filter(format -> format.endings().stream().anyMatch(name::endsWith))
        .findFirst();
  }

  /// The format that an option names.
  ///
  /// @throws HoldfastException.Rejected if there is none of that name
  public static ArchiveFormat ofWord(String word) {
    return Arrays.stream(values())
        .filter(format -> format.word.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException.Rejected(
                "there is no archive format '" + word + "'",
                "the formats are "
                    + String.join(
                        ", ", Arrays.stream(values()).map(ArchiveFormat::word).toList())));
  }
}
