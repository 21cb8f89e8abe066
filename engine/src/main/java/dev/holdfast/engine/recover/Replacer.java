package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.service.Occupant;
import dev.holdfast.engine.recover.service.OpenFiles;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Replaces one thing. Every method may be called again after a crash at any moment of an earlier
/// call, and then finishes what that one began: what there is to do is found out from what is
/// there, not from what was meant. Not thread-safe.
///
/// What changes names does it turn by turn: each call makes the next change, of which nothing is
/// certain until [#folders] were synced, and says whether there was one. The caller syncs between
/// turns, for many replacers at once ([Rounds]). What is not of files is durable by itself, and
/// done in one turn that says no.
public interface Replacer {
  /// The folders in which this changes names.
  Set<String> folders();

  /// The files that [#stage] writes, apart from those in a folder that is staged as a whole.
  Set<String> stagedFiles();

  /// Makes sure that the present state is still the one that the plan was made for, and that there
  /// is room for the new one.
  void validate();

  /// Makes the folders that the new state is written to. Durable when [#folders] were synced.
  void makeRoom();

  /// Writes the new state where it does not disturb. Begins anew if called again. Durable when
  /// [#folders] and [#stagedFiles] were synced.
  ///
  /// @return what [#swap] must know, for the journal
  Map<String, String> stage();

  /// Checks the staged state.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if it is not whole
  void verify();

  /// Who still uses the present state.
  ///
  /// @param open what the processes of this machine have open
  List<Occupant> occupants(OpenFiles open);

  /// Brings the present state into a form that one change of names can move. Nobody uses it.
  void settle();

  /// A turn of putting the new state in place of the present one, which is put aside.
  ///
  /// @param facts what [#stage] returned
  /// @return whether names were changed, and another turn is needed
  boolean swap(Map<String, String> facts);

  /// A turn of putting the present state back in place, whatever part of [#swap] was done, even
  /// none.
  ///
  /// @param facts what [#stage] returned
  /// @return as that of [#swap]
  boolean unswap(Map<String, String> facts);

  /// A turn of removing the staged state, and whatever else was made for staging.
  ///
  /// @return as that of [#swap]
  boolean discard();

  /// A turn of removing what staging has left when the new state is live for good.
  ///
  /// @return as that of [#swap]
  boolean tidy();
}
