package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Replacement;
import java.io.IOException;

/// Where new states come from.
public interface Stager {
  /// Sees, before anything is done, whether what is staged could become what it is to be; the
  /// folder for it exists, and is empty.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if it could not
  void validate(Replacement replacement) throws IOException;

  /// Writes the new state to where the replacement wants it staged, whose folder exists. Whatever a
  /// call that was stopped has left there is replaced, or finished. Durable when the replacement's
  /// files and folders were synced.
  void stage(Replacement replacement) throws IOException;

  /// Takes the staged state away again, and its folder. Called until there is nothing left to do,
  /// with a sync of the replacement's folders after each time.
  ///
  /// @return false if there was nothing to do
  boolean unstage(Replacement replacement) throws IOException;
}
