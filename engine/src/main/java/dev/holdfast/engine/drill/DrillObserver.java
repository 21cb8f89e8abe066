package dev.holdfast.engine.drill;

/// Is told how far a drill has come; by several threads, one at a time; must be quick.
public interface DrillObserver {
  /// Wants to know nothing.
  DrillObserver NONE =
      new DrillObserver() {
        @Override
        public void doing(String what) {}

        @Override
        public void written(long doneBytes, long totalBytes) {}

        @Override
        public void notice(String text) {}
      };

  /// Something begins, such as `verifying /srv/app/app.db`.
  void doing(String what);

  /// Bytes that are written to the scratch folder, of how many.
  void written(long doneBytes, long totalBytes);

  /// Something that a person should know, a lowercase sentence.
  void notice(String text);
}
