package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.service.Occupant;
import dev.holdfast.engine.recover.service.OpenFiles;
import java.util.List;
import java.util.Map;

/// Replaces one thing. Every method may be called again after a crash at any moment of an earlier
/// call, and then finishes what that one began: what there is to do is found out from what is
/// there, not from what was meant. Not thread-safe.
public interface Replacer {
  /// Makes sure that the present state is still the one that the plan was made for, and that there
  /// is room for the new one.
  void validate();

  /// Writes the new state where it does not disturb, durably. Begins anew if called again.
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

  /// Puts the new state in place of the present one, which is put aside. Durable when it returns.
  ///
  /// @param facts what [#stage] returned
  void swap(Map<String, String> facts);

  /// Puts the present state back in place, whatever part of [#swap] was done, even none.
  ///
  /// @param facts what [#stage] returned
  void unswap(Map<String, String> facts);

  /// Removes the staged state, and whatever else was made for staging.
  void discard();

  /// Removes what staging has left when the new state is live for good.
  void tidy();
}
