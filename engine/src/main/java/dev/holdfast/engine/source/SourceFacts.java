package dev.holdfast.engine.source;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a source knows about the state that it handed over: what the manifest records, and what a
/// recovery is compared with.
///
/// @param engineVersion of the program that wrote the file or serves the database; empty if unknown
/// @param instant at which the state was fixed
/// @param tables all tables with their rows, in the order of their names
/// @param schemaFingerprint a text that is equal exactly as long as the schema is
/// @param properties what else is worth knowing, such as `page size` or `extension timescaledb`, in
///   the order they are shown in
/// @param warnings sentences for whoever reads the report
public record SourceFacts(
    String engineVersion,
    Instant instant,
    List<TableRows> tables,
    Optional<String> schemaFingerprint,
    Map<String, String> properties,
    List<String> warnings) {
  /// The property of a state that could not be opened to see whether it is whole, such as that of a
  /// file in a newer format; its value says why. Its snapshot has the tag `unverified`.
  public static final String UNVERIFIED = "unverified";

  /// The property of a database whose format has versions: the number of its own. A program reads
  /// none that is newer than itself.
  public static final String STORAGE_VERSION = "storage version";

  public SourceFacts {
    tables = List.copyOf(tables);
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    warnings = List.copyOf(warnings);
  }
}
