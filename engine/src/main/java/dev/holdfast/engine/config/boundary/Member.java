package dev.holdfast.engine.config.boundary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A file or folder that belongs to an app at this moment.
///
/// @param source the name of the source that it matches
/// @param path absolute and clean, in the form of [OsString]
/// @param folder whether it is a folder; everything in it belongs to the app too
/// @param bindings what the names in the source's pattern stand for, in the pattern's order
public record Member(String source, String path, boolean folder, Map<String, String> bindings) {
  public Member {
    bindings = Collections.unmodifiableMap(new LinkedHashMap<>(bindings));
  }

  /// Which members there were and are no more, in their former order.
  public static List<Member> vanished(List<Member> before, List<Member> now) {
    Set<String> present = new HashSet<>();
    now.forEach(member -> present.add(member.path()));
    List<Member> vanished = new ArrayList<>();
    for (Member member : before) {
      if (!present.contains(member.path())) {
        vanished.add(member);
      }
    }
    return List.copyOf(vanished);
  }
}
