package dev.holdfast.repository.write;

/// Asked before everything that is put into the store, so that a process whose lock was lost stops
/// writing (format sheet, section 10). Called from any thread; must be quick.
@FunctionalInterface
public interface WriteGate {
  /// Lets everything pass: for tests, and where an exclusive lock is not needed.
  WriteGate OPEN = () -> {};

  /// Returns if writing is still allowed.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException with the reason if it is not
  void check();

  /// The same, asked before what nobody sees until something else is put that names it: a pack.
  /// That may be earlier, while a lock is held but not yet known to be the only one of its kind.
  default void checkUnseen() {
    check();
  }
}
