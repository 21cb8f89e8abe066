package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What tests back up as apps.
final class Subjects {
  static final String APP = "shop";

  private Subjects() {}

  /// An app whose sources are called by the last names of their paths.
  static BackupSubject app(BackupSubject.OnFailure onFailure, Path... sources) {
    List<BackupSubject.Label> labels =
        Arrays.stream(sources)
            .map(path ->
                new BackupSubject.Label(
                    String.valueOf(path.getFileName()), path.toString(), Map.of()))
            .toList();
    return new BackupSubject(
        Optional.of(APP),
        Manifest.MANUAL_TAG,
        labels,
        List.of("/srv/shop"),
        List.of("/srv/shop/tmp/"),
        List.of(),
        List.of(),
        onFailure);
  }
}
