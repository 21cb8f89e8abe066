package dev.holdfast.engine.purge;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What is erased, as its name has it.
public sealed interface Identity {
  /// The name that patterns of apps bind tenants to, and the word for them in records.
  String TENANT = "tenant";

  /// The tenant of what was stored under the names in a pattern: what the name that is called so
  /// stands for, or the only one there is. A database of a server has its name from no pattern.
  static Optional<String> tenantOf(Map<String, String> bindings) {
    if (bindings.size() == 1 && !bindings.containsKey(Manifest.DATABASE_BINDING)) {
      return bindings.values().stream().findFirst();
    }
    return Optional.ofNullable(bindings.get(TENANT));
  }

  /// The word for paths in records.
  String PATH = "path";

  /// A tenant of an app.
  record Tenant(String app, String name) implements Identity {
    public Tenant {
      if (name.isEmpty()) {
        throw new HoldfastException.Rejected("the tenant has no name", "give one with --tenant");
      }
    }
  }

  /// A path in snapshots, with everything in it.
  ///
  /// @param app whose snapshots; empty for all
  record Path(Optional<String> app, String path) implements Identity {
    public Path {
      path = Paths.clean(path);
      if (path.equals("/")) {
        throw new HoldfastException.Rejected(
            "'/' is all of every snapshot", "'holdfast forget' removes snapshots");
      }
    }
  }

  /// The app whose snapshots may hold it; empty for all.
  default Optional<String> owner() {
    return switch (this) {
      case Tenant tenant -> Optional.of(tenant.app());
      case Path path -> path.app();
    };
  }

  /// The word for its kind in records.
  default String kind() {
    return switch (this) {
      case Tenant _ -> TENANT;
      case Path _ -> PATH;
    };
  }

  /// What is hashed in place of the name.
  default byte[] bytes() {
    String text =
        switch (this) {
          case Tenant tenant -> TENANT + "\0" + tenant.app() + "\0" + tenant.name();
          case Path path -> PATH + "\0" + path.app().orElse("") + "\0" + path.path();
        };
    return text.getBytes(StandardCharsets.UTF_16LE); // keeps names that are not UTF-8 apart
  }
}
