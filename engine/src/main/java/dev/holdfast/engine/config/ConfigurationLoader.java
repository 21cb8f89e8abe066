package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Overrides;
import dev.holdfast.engine.config.shape.Place;
import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.engine.config.shape.ShapeCheck;
import dev.holdfast.engine.config.shape.Value;
import dev.holdfast.engine.config.shape.YamlReader;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `holdfast.yaml`: YAML, then variables of the environment over it, then the check against
/// the shape, then what refers to what. Every problem is found in one go.
public final class ConfigurationLoader {
  /// Of more problems the rest is counted only.
  public static final int MAX_PROBLEMS = 100;

  private ConfigurationLoader() {}

  /// What became of the file.
  ///
  /// @param configuration empty if there are problems
  /// @param problems in the order of the file, those of variables last; at most [#MAX_PROBLEMS]
  /// @param leftOut how many more there are
  public record Result(Optional<Configuration> configuration, List<Problem> problems, int leftOut) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /// Loads a configuration that has to be right.
  ///
  /// @param environment the variables of the process
  /// @throws HoldfastException.Rejected if anything is wrong with it
  public static Configuration load(Path file, Map<String, String> environment) {
    Result result = read(file, environment);
    if (result.configuration().isPresent()) {
      return result.configuration().get();
    }
    int more = result.problems().size() + result.leftOut() - 1;
    throw new HoldfastException.Rejected(
        result.problems().getFirst() + (more == 0 ? "" : " (and " + more + " more)"),
        "'holdfast config check' shows everything that is wrong");
  }

  /// Loads a configuration and says what is wrong with it.
  ///
  /// @throws HoldfastException if the file cannot be read at all
  public static Result read(Path file, Map<String, String> environment) {
    return read(file.toString(), bytes(file), folder(file), environment);
  }

  /// Loads a configuration from its bytes.
  ///
  /// @param file its name for messages
  /// @param folder absolute; what relative paths in it are relative to
  public static Result read(
      String file, byte[] bytes, Path folder, Map<String, String> environment) {
    List<Problem> problems = new ArrayList<>();
    Optional<Value> written = YamlReader.read(file, bytes, problems);
    if (written.isEmpty() && problems.isEmpty()) {
      problems.add(new Problem(new Place.Position(file, 1, 1), "the file is empty"));
    }
    Optional<Configuration> configuration = Optional.empty();
    if (written.isPresent()) {
      Value value =
          written.get() instanceof Value.Members members
              ? Overrides.apply(members, ConfigurationShape.ROOT, environment, problems)
              : written.get();
      ShapeCheck.check("the file", value, ConfigurationShape.ROOT, problems);
      if (value instanceof Value.Members members) {
        References.check(members, problems);
      }
      if (problems.isEmpty()) {
        Configuration read =
            new ModelReader(folder, environment, problems)
                .read(file, new Reader((Value.Members) value));
        configuration = problems.isEmpty() ? Optional.of(read) : Optional.empty();
      }
    }
    problems.sort(ORDER);
    int kept = Math.min(problems.size(), MAX_PROBLEMS);
    return new Result(configuration, problems.subList(0, kept), problems.size() - kept);
  }

  private static final Comparator<Problem> ORDER =
      Comparator.comparingInt((Problem problem) -> line(problem.place()))
          .thenComparingInt(problem -> column(problem.place()));

  private static int line(Place place) {
    return place instanceof Place.Position position ? position.line() : Integer.MAX_VALUE;
  }

  private static int column(Place place) {
    return place instanceof Place.Position position ? position.column() : Integer.MAX_VALUE;
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      // One byte more than is allowed shows that there are too many, however many there are.
      return in.readNBytes(YamlReader.MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new HoldfastException.NotFound(
          "the configuration " + file + " does not exist",
          "'holdfast config init FOLDER' writes one");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the configuration " + file + " cannot be read: " + Reason.of(e),
          "it must be a file that you may read",
          e);
    }
  }
}
