package dev.holdfast.engine.config.shape;

/// Where something was written.
public sealed interface Place {
  /// A position in a file; the first line and the first column are 1.
  ///
  /// @param column counted in characters, a tab as one
  record Position(String file, int line, int column) implements Place {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /// An environment variable, which overrides what the file says.
  record Variable(String name) implements Place {
    @Override
    public String toString() {
      return name;
    }
  }
}
