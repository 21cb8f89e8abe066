package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;

/// Sees whether anything was put in place by a recovery since this was made, for who reads it for
/// long: what was read before and what was read after do not belong together. Thread-safe.
public final class RecoveryWatch {
  private final JournalFolder journals;
  private final Set<String> known;

  /// @param folder of the journals, which need not exist
  public RecoveryWatch(Path folder) {
    journals = new JournalFolder(new PosixFiles(), folder, InstantSource.system());
    known = journals.known();
  }

  /// Makes sure that none of these was recovered.
  ///
  /// @param claims paths that are absolute and free of links, and databases of servers as
  ///   [dev.holdfast.engine.recover.plan.ServerDatabase#claim] writes them
  /// @throws HoldfastException.Locked if one was, whatever became of it
  public void refuseRecovered(Collection<String> claims) {
    journals.refuseRecovered(known, claims);
  }
}
