package dev.holdfast.engine.source.files;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.PosixException;
import java.util.ArrayList;
import java.util.List;

/// The rules that need to know more of a thing than its name, for one target. Immutable.
///
/// @param allowedDevice the file system of the target
record Boundary(SelectionRules rules, long allowedDevice) {
  /// Whether something is left out for what it is.
  ///
  /// @param parent the directory it lies in
  boolean excludes(FileStat stat, FileStat parent) {
    if (rules.oneFileSystem() && stat.deviceId() != allowedDevice) {
      // A directory on which another file system is mounted is kept, so that it can be mounted
      // there again; nothing in it is.
      return !stat.isDirectory() || parent.deviceId() != allowedDevice;
    }
    return rules.largerThan().isPresent()
        && !stat.isDirectory()
        && stat.sizeBytes() > rules.largerThan().getAsLong();
  }

  /// The markers that a directory has.
  Markers markersIn(OpenDirectory directory) throws PosixException {
    List<ExclusionMarker> present = new ArrayList<>();
    for (ExclusionMarker marker : rules.markers()) {
      if (marker.isIn(directory)) {
        present.add(marker);
      }
    }
    return new Markers(present);
  }

  /// @param present the markers that were found in one directory
  record Markers(List<ExclusionMarker> present) {
    Markers {
      present = List.copyOf(present);
    }

    /// Whether a marker excludes the entry of this name. A marker never excludes itself.
    boolean excludes(String name) {
      for (ExclusionMarker marker : present) {
        if (!marker.fileName().equals(name)) {
          return true;
        }
      }
      return false;
    }
  }
}
