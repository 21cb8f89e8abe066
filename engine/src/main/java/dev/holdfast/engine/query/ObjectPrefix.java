package dev.holdfast.engine.query;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.List;

/// Objects by the start of their id.
public final class ObjectPrefix {
  private ObjectPrefix() {}

  /// The one object of `type` whose id starts with `prefix`.
  ///
  /// @throws HoldfastException.NotFound if there is none
  /// @throws HoldfastException.Rejected if there are several
  public static ObjectKey find(ObjectStore store, ObjectType type, String prefix) {
    List<ObjectKey> found = new ArrayList<>();
    if (!prefix.isEmpty()) {
      store.list(
          type,
          info -> {
            if (info.key().hash().toHex().startsWith(prefix)) {
              found.add(info.key());
            }
          });
    }
    return switch (found.size()) {
      case 0 ->
          throw new HoldfastException.NotFound(
              "there is nothing in " + type.folder() + "/ whose id starts with '" + prefix + "'",
              "'holdfast list %s' shows the ids"
                  .formatted(type == ObjectType.PACK ? "packs" : type.folder()));
      case 1 -> found.getFirst();
      default ->
          throw new HoldfastException.Rejected(
              found.size() + " ids in " + type.folder() + "/ start with '" + prefix + "'",
              "give more digits");
    };
  }
}
