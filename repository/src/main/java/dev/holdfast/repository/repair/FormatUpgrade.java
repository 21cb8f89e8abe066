package dev.holdfast.repository.repair;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.format.ConfigCodec;
import dev.holdfast.repository.format.RepositoryConfig;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriteGate;
import java.util.Optional;

/// The migration from version 1 of the format to version 2, which brings compression: one object is
/// replaced, the config, atomically. The caller holds the exclusive lock and has checked that the
/// repository is sound.
public final class FormatUpgrade {
  /// Its name, as restic has it.
  public static final String NAME = "upgrade_repo_v2";

  private static final int TARGET = 2;

  private final Repository repository;
  private final WriteGate gate;

  public FormatUpgrade(Repository repository, WriteGate gate) {
    this.repository = repository;
    this.gate = gate;
  }

  /// Why it cannot be applied; empty if it can.
  public Optional<String> objection() {
    int version = repository.config().version();
    return version < TARGET
        ? Optional.empty()
        : Optional.of("repository is already upgraded to version " + version);
  }

  /// Replaces the config. The old one is kept.
  ///
  /// @throws Rejected if there is nothing to upgrade
  /// @throws InputOutput if the copy cannot be kept; nothing was changed then
  public void apply(Keepsake keepsake) {
    objection()
        .ifPresent(reason -> {
          throw new Rejected("migration " + NAME + " cannot be applied: " + reason, "");
        });
    if (!keepsake.keep(repository.store(), ObjectKey.CONFIG)) {
      throw new InputOutput(
          "the config cannot be read to keep a copy", "nothing was changed", null);
    }
    RepositoryConfig old = repository.config();
    RepositoryConfig upgraded = new RepositoryConfig(TARGET, old.id(), old.chunkerPolynomial());
    gate.check();
    repository.files().save(ObjectType.CONFIG, ConfigCodec.encode(upgraded));
  }
}
