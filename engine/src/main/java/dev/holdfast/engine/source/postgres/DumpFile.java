package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A dump in PostgreSQL's custom format that lies in a file and came from anywhere. `pg_restore`
/// reads all of it, compressed or not, and its rows are counted on the way: that its table of
/// contents can be read would say nothing, because it stands at the front.
public final class DumpFile {
  private static final byte[] MAGIC = "PGDMP".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern PROPERTY = Pattern.compile(";\\s+([A-Za-z_ ]+): (.*)");

  /// The property that names the database, which is told by the dump itself.
  public static final String DATABASE = "database";

  private static final Map<String, String> KEPT =
      Map.of(
          "dbname", DATABASE, "Dumped by pg_dump version", "pg_dump", "Compression", "compression");
  private static final String SERVER = "Dumped from database version";
  private static final int LIST_LINES_MAX = 10_000_000;

  /// Nothing is connected to.
  private static final PostgresSettings NO_SERVER =
      new PostgresSettings(
          Map.of(), Optional.empty(), Optional.empty(), PostgresSettings.DEFAULT_LOCK_WAIT);

  private DumpFile() {}

  /// Whether these first bytes of a file are those of such a dump.
  public static boolean isDump(byte[] head, int length) {
    return length > MAGIC.length
        && java.util.Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /// Reads all of it.
  ///
  /// @param shown what messages call it
  /// @param instant at which it was made
  /// @throws HoldfastException.Corrupt if it is not whole, or of a version that the installed
  ///   programs do not know
  /// @throws HoldfastException.NotFound if PostgreSQL's programs are not installed
  public static SourceFacts check(
      Path file, String shown, Instant instant, Map<String, String> environment) {
    String program = ClientPrograms.find(Optional.empty(), environment).newest().restore();
    Map<String, String> properties = new LinkedHashMap<>();
    String server = list(program, file, shown, environment, properties);
    List<TableRows> tables;
    try (ClientProcess process =
        start(List.of(program, "--file=-", file.toString()), environment)) {
      RestoreScript script = new RestoreScript();
      try (InputStream output = process.output()) {
        byte[] buffer = new byte[256 * 1024];
        for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
          script.accept(buffer, count);
        }
      }
      confirm(process, shown);
      if (!script.isComplete()) {
        throw damaged(shown, "it ends within its data");
      }
      tables = script.tables();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(shown + " cannot be read: " + Reason.of(e), "", e);
    }
    return new SourceFacts(server, instant, tables, Optional.empty(), properties, List.of());
  }

  private static ClientProcess start(List<String> command, Map<String, String> environment) {
    return ClientProcess.start("pg_restore", command, NO_SERVER, environment);
  }

  /// Reads the table of contents; gives the version of the server.
  private static String list(
      String program,
      Path file,
      String shown,
      Map<String, String> environment,
      Map<String, String> properties) {
    String server = "";
    try (ClientProcess process = start(List.of(program, "--list", file.toString()), environment);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8))) {
      int count = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher property = PROPERTY.matcher(line);
        if (property.matches()) {
          String name = property.group(1);
          server = name.equals(SERVER) ? property.group(2) : server;
          if (KEPT.containsKey(name)) {
            properties.put(KEPT.get(name), property.group(2));
          }
        }
        if (++count > LIST_LINES_MAX) {
          throw damaged(shown, "its table of contents has no end");
        }
      }
      confirm(process, shown);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(shown + " cannot be read: " + Reason.of(e), "", e);
    }
    return server;
  }

  private static void confirm(ClientProcess process, String shown) {
    if (process.exitCode() != 0) {
      throw damaged(shown, "pg_restore says '" + process.lastErrors() + "'");
    }
  }

  private static HoldfastException damaged(String shown, String reason) {
    return new HoldfastException.Corrupt(
        shown + " is not a whole dump: " + reason,
        "nothing was imported; have the dump made again, or install newer client programs",
        null);
  }
}
