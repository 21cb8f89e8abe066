package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The client programs of PostgreSQL that are installed, in any number of versions.
///
/// @param sets each with the folder it lies in, the newest first
record ClientPrograms(List<Programs> sets) {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  /// Where packages put the programs of each version, as folder and pattern of what is in it; the
  /// programs lie in `bin` below, or right there.
  private static final List<Place> PLACES =
      List.of(
          new Place("/usr/lib/postgresql", "*"),
          new Place("/usr/lib", "postgresql[0-9]*"),
          new Place("/usr/libexec", "postgresql[0-9]*"),
          new Place("/usr", "pgsql-*"),
          new Place("/usr/local", "pgsql*"),
          new Place("/opt/homebrew/opt", "{postgresql@*,libpq}"),
          new Place("/usr/local/opt", "{postgresql@*,libpq}"),
          new Place("/Library/PostgreSQL", "*"),
          new Place("/Applications/Postgres.app/Contents/Versions", "*"));

  private record Place(String folder, String pattern) {}

  /// The programs of one folder.
  ///
  /// @param majorVersion of `pg_dump`
  record Programs(Path folder, int majorVersion) {
    String psql() {
      return folder.resolve("psql").toString();
    }

    String isReady() {
      return folder.resolve("pg_isready").toString();
    }

    String dump() {
      return folder.resolve("pg_dump").toString();
    }

    String restore() {
      return folder.resolve("pg_restore").toString();
    }

    String dumpAll() {
      return folder.resolve("pg_dumpall").toString();
    }

    String initdb() {
      return folder.resolve("initdb").toString();
    }

    String server() {
      return folder.resolve("postgres").toString();
    }

    private boolean hasServer() {
      return Files.isExecutable(Path.of(initdb())) && Files.isExecutable(Path.of(server()));
    }
  }

  ClientPrograms {
    sets = List.copyOf(sets);
  }

  /// Looks for the programs in `only`, or else where packages put them and on the PATH.
  ///
  /// @throws HoldfastException.NotFound if there are none
  static ClientPrograms find(Optional<Path> only, Map<String, String> environment) {
    List<Programs> found = new ArrayList<>();
    for (Path folder : only.map(Set::of).orElseGet(() -> folders(environment))) {
      if (Files.isExecutable(folder.resolve("pg_dump"))
          && Files.isExecutable(folder.resolve("psql"))
          && (found.isEmpty() || !isWrapper(folder.resolve("pg_dump")))) {
        majorVersion(folder.resolve("pg_dump"))
            .ifPresent(major -> found.add(new Programs(folder, major)));
      }
    }
    if (found.isEmpty()) {
      throw new HoldfastException.NotFound(
          only.map(folder -> "there is no psql and pg_dump in '" + folder + "'")
              .orElse("the programs psql and pg_dump of PostgreSQL are not installed"),
          "install PostgreSQL's client programs (package 'postgresql-client')");
    }
    // Stable: of two folders with the same version, the first.
    found.sort(Comparator.comparingInt(Programs::majorVersion).reversed());
    return new ClientPrograms(found);
  }

  /// The programs to begin with, when the server's version is not known yet.
  Programs newest() {
    return sets.getFirst();
  }

  /// The programs for a server: those of its own version, or else the next newer ones, which know
  /// all older servers. An older `pg_dump` knows nothing of what is new in the server.
  ///
  /// @throws HoldfastException.Unsupported if all are older
  Programs forServer(int majorVersion, String serverVersion) {
    return sets.stream()
        .filter(programs -> programs.majorVersion() >= majorVersion)
        .min(Comparator.comparingInt(Programs::majorVersion))
        .orElseThrow(() ->
            new HoldfastException.Unsupported(
                "the server runs PostgreSQL %s, but the newest pg_dump found is version %d in '%s'"
                    .formatted(serverVersion, newest().majorVersion(), newest().folder()),
                "install the client programs of version %d or newer (Debian and Ubuntu: package 'postgresql-client-%d' from apt.postgresql.org; Red Hat: 'postgresql%d')"
                    .formatted(majorVersion, majorVersion, majorVersion)));
  }

  /// The programs that lie beside those of a server of this major version or, failing that, of the
  /// next newer one.
  Optional<Programs> withServer(int majorVersion) {
    return sets.stream()
        .filter(programs -> programs.majorVersion() >= majorVersion && programs.hasServer())
        .min(Comparator.comparingInt(Programs::majorVersion));
  }

  private static Set<Path> folders(Map<String, String> environment) {
    Set<Path> folders = new LinkedHashSet<>();
    for (Place place : PLACES) {
      Path folder = Path.of(place.folder());
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder, place.pattern())) {
        for (Path version : versions) {
          folders.add(version.resolve("bin"));
          folders.add(version);
        }
      } catch (IOException | DirectoryIteratorException _) {
        // A folder that may not be read holds no program that may be run.
      }
    }
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      if (folder.startsWith("/")) {
        folders.add(Path.of(folder));
      }
    }
    return folders;
  }

  /// Debian's programs on the PATH are a script that chooses one of the versions found already.
  private static boolean isWrapper(Path program) {
    try {
      return program.toRealPath().endsWith("pg_wrapper");
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Integer> majorVersion(Path program) {
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--version")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(output);
      return process.waitFor() == 0 && version.find()
          ? Optional.of(Integer.parseInt(version.group(1)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    }
  }
}
