package dev.holdfast.cli.command;

import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option that says where else something is recovered to than where it was.
final class RecoverTargetOptions {
  private static final List<String> SCHEMES = List.of("postgresql://", "postgres://");

  @Option(
      names = "--target",
      paramLabel = "FOLDER|URL",
      description =
          "recover into this folder, which stands for the app's root, or the path's folder; and"
              + " databases of a server into the server at this address; both for an app with both")
  List<String> targets = new ArrayList<>();

  boolean isGiven() {
    return !targets.isEmpty();
  }

  /// @throws HoldfastException.Rejected if there are several
  Optional<String> folder() {
    return only(targets.stream().filter(each -> !isAddress(each)).toList());
  }

  /// @throws HoldfastException.Rejected if there are several
  Optional<PostgresSettings> server(Map<String, String> environment) {
    return only(targets.stream().filter(RecoverTargetOptions::isAddress).toList())
        .map(address -> PostgresSettings.parse(address, environment));
  }

  /// Makes sure that there are not two addresses.
  void refuseBeside(@Nullable String address) {
    if (address != null && isGiven()) {
      throw new HoldfastException.Rejected(
          "--postgres and --target were both given", "--postgres itself says where to");
    }
  }

  /// Makes sure that no address was given where there are only paths.
  void refuseServer() {
    if (targets.stream().anyMatch(RecoverTargetOptions::isAddress)) {
      throw new HoldfastException.Rejected(
          "--target was given the address of a server, and paths are recovered",
          "give a folder; or name the app that has the database");
    }
  }

  private static boolean isAddress(String target) {
    return SCHEMES.stream().anyMatch(target::startsWith);
  }

  private static Optional<String> only(List<String> alike) {
    if (alike.size() > 1) {
      throw new HoldfastException.Rejected(
          "--target was given twice, of the same kind", "give one folder and one address at most");
    }
    return alike.stream().findFirst();
  }
}
