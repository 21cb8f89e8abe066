package dev.holdfast.engine.drill;

import dev.holdfast.engine.manifest.ManifestSource;

/// Databases of a server, for one drill: made of their dumps, asked, and gone when it is closed.
/// One thread at a time.
public interface ServerRehearsal extends AutoCloseable {
  /// Makes a database of a dump.
  ///
  /// @param dump the file
  /// @throws dev.holdfast.repository.error.HoldfastException if it cannot be
  void load(ManifestSource source, String dump);

  /// Compares it with what the manifest says.
  ///
  /// @return what was proven, a phrase
  /// @throws dev.holdfast.repository.error.HoldfastException if it is not the same
  String verify(ManifestSource source);

  /// The first value that a query has for an answer.
  String ask(ManifestSource source, String query);

  /// What a command needs to reach the databases.
  java.util.Map<String, String> variables();

  @Override
  void close();
}
