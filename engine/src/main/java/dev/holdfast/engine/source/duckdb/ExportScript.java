package dev.holdfast.engine.source.duckdb;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two scripts of an exported database: one that only creates, one that only copies each table
/// from a file beside it.
final class ExportScript {
  static final String SCHEMA = "schema.sql";
  static final String LOAD = "load.sql";

  private static final Pattern CREATE =
      Pattern.compile(
          "(?is)CREATE\\s+(OR\\s+REPLACE\\s+)?(SCHEMA|TYPE|SEQUENCE|TABLE|VIEW|MACRO|FUNCTION"
              + "|INDEX|UNIQUE\\s+INDEX)\\b.*");

  /// `COPY main.hits FROM '/somewhere/hits.parquet' (FORMAT 'parquet')`.
  private static final Pattern COPY =
      Pattern.compile("(?is)COPY\\s+(.+?)\\s+FROM\\s+'((?:[^']|'')*)'\\s*(\\(.*\\))?");

  /// Scripts are as long as a schema has tables.
  private static final long BYTES_MAX = 64L << 20;

  private static final int SHOWN_CHARS = 60;

  private ExportScript() {}

  /// A table and the file that it is loaded from.
  ///
  /// @param table as the script writes it, quoted where it has to be
  /// @param file its name without a folder
  /// @param options what stands behind it, parentheses included
  record Load(String table, String file, String options) {
    String statement() {
      return "COPY %s FROM '%s' %s;".formatted(table, file.replace("'", "''"), options);
    }
  }

  /// What the export in a folder loads, once its scripts are known to do nothing else and all the
  /// files that they name are there.
  ///
  /// @throws HoldfastException.Corrupt if it is not what DuckDB writes
  static List<Load> in(String folder) throws IOException {
    List<Load> loads = loads(script(folder, LOAD));
    checkSchema(script(folder, SCHEMA));
    for (Load load : loads) {
      if (!Files.isRegularFile(Path.of(folder, load.file()), LinkOption.NOFOLLOW_LINKS)) {
        throw damaged("'" + load.file() + "' is missing");
      }
    }
    return loads;
  }

  private static String script(String folder, String name) throws IOException {
    Path file = Path.of(folder, name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw damaged("it has no " + name);
    }
    if (Files.size(file) > BYTES_MAX) {
      throw damaged(name + " is too long");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /// Makes sure that a schema creates things and does nothing else.
  static void checkSchema(String text) {
    for (String statement : statements(text)) {
      if (!CREATE.matcher(statement).matches()) {
        throw damaged(SCHEMA + " does more than to create: " + shortened(statement));
      }
    }
  }

  /// What a load script loads, no file twice.
  static List<Load> loads(String text) {
    List<Load> loads = new ArrayList<>();
    Set<String> files = new HashSet<>();
    for (String statement : statements(text)) {
      Matcher copy = COPY.matcher(statement);
      if (!copy.matches()) {
        throw damaged(LOAD + " does more than to copy: " + shortened(statement));
      }
      String path = copy.group(2).replace("''", "'");
      String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
      String options = copy.group(3) == null ? "" : copy.group(3);
      if (file.isEmpty() || file.contains("*") || file.contains("?") || !files.add(file)) {
        throw damaged(LOAD + " loads from '" + path + "'");
      }
      loads.add(new Load(copy.group(1), file, options));
    }
    return loads;
  }

  /// Splits at the semicolons that stand for themselves.
  static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && isHiding(text, i)) {
        throw damaged("one of its scripts has a comment, or quotes of a kind of their own");
      }
      if (quote == 0 && c == ';') {
        add(statements, statement);
        continue;
      }
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      statement.append(c);
    }
    if (quote != 0) {
      throw damaged("one of its scripts ends within quotes");
    }
    add(statements, statement);
    return statements;
  }

  /// Whether something begins that could hide a statement; DuckDB writes no such thing.
  private static boolean isHiding(String text, int at) {
    return text.startsWith("--", at) || text.startsWith("/*", at) || text.startsWith("$", at);
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String text = statement.toString().strip();
    if (!text.isEmpty()) {
      statements.add(text);
    }
    statement.setLength(0);
  }

  private static String shortened(String statement) {
    String line = statement.lines().findFirst().orElse("");
    return line.substring(0, Math.min(SHOWN_CHARS, line.length()));
  }

  static HoldfastException damaged(String reason) {
    return new HoldfastException.Corrupt(
        "the export is not what EXPORT DATABASE writes: " + reason, "have it exported again", null);
  }
}
