package dev.holdfast.engine.purge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What of the name of a file or folder could be a tenant, if the pattern that bound it is not
/// known: the name, and every part of it between dots, dashes and underscores.
final class NameParts {
  private static final String SEPARATORS = "._-";

  /// Bounds what a hostile name can cost: of one with more, only its beginnings are looked at.
  private static final int SEPARATORS_MAX = 12;

  private NameParts() {}

  static Set<String> of(String name) {
    List<Integer> starts = new ArrayList<>(List.of(0));
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < name.length(); i++) {
      if (SEPARATORS.indexOf(name.charAt(i)) >= 0) {
        ends.add(i);
        starts.add(i + 1);
      }
    }
    ends.add(name.length());
    if (starts.size() > SEPARATORS_MAX + 1) {
      starts = starts.subList(0, 1);
    }
    Set<String> parts = new LinkedHashSet<>();
    for (int start : starts) {
      for (int end : ends) {
        if (end > start) {
          parts.add(name.substring(start, end));
        }
      }
    }
    return parts;
  }
}
