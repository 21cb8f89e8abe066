package dev.holdfast.engine.backup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Keeps the events of a backup.
final class RecordedEvents implements BackupObserver {
  private final List<BackupEvent> events = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void on(BackupEvent event) {
    events.add(event);
  }

  <E extends BackupEvent> List<E> of(Class<E> type) {
    synchronized (events) {
      return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  List<BackupEvent.Problem> problems() {
    return of(BackupEvent.Problem.class);
  }
}
