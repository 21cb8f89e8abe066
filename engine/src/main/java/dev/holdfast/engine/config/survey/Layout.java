package dev.holdfast.engine.config.survey;

import dev.holdfast.engine.config.boundary.PathTemplate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A path with some of its names replaced by variables. Immutable.
///
/// @param names the names of the path, in the syntax of [PathTemplate]
record Layout(List<String> names) {
  private static final int MAX_VARIABLES = 4;

  /// Folders of these names hold one folder for each of something, even when there is one so far.
  private static final Set<String> COLLECTIONS =
      Set.of(
          "accounts",
          "clients",
          "customers",
          "orgs",
          "organizations",
          "projects",
          "sites",
          "teams",
          "tenants",
          "users",
          "workspaces");

  Layout {
    names = List.copyOf(names);
  }

  /// The layout that matches one path and nothing else.
  static Layout of(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      names.add(PathTemplate.quote(name));
    }
    return new Layout(names);
  }

  /// Fewer layouts that match all that these do: where they differ in the name of one folder only,
  /// that folder becomes a variable, and again for the next.
  static List<Layout> generalize(Collection<Layout> layouts) {
    List<Layout> current = new ArrayList<>(new LinkedHashSet<>(layouts));
    for (int round = 0; round < MAX_VARIABLES; round++) {
      List<Layout> next = once(current);
      if (next.equals(current)) {
        break;
      }
      current = next;
    }
    return current.stream().map(Layout::withCollections).distinct().toList();
  }

  private static List<Layout> once(List<Layout> layouts) {
    Map<Layout, Set<Layout>> groups = new LinkedHashMap<>();
    for (Layout layout : layouts) {
      for (int i = 0; i < layout.names.size() - 1; i++) {
        if (!layout.isVariable(i)) {
          groups.computeIfAbsent(layout.with(i), key -> new LinkedHashSet<>()).add(layout);
        }
      }
    }
    Set<Layout> result = new LinkedHashSet<>();
    for (Layout layout : layouts) {
      Layout best = layout;
      int most = 1;
      for (int i = 0; i < layout.names.size() - 1; i++) {
        Set<Layout> group =
            layout.isVariable(i) ? Set.of() : groups.getOrDefault(layout.with(i), Set.of());
        if (group.size() > most) {
          most = group.size();
          best = layout.with(i);
        }
      }
      result.add(best);
    }
    return new ArrayList<>(result);
  }

  private Layout withCollections() {
    Layout layout = this;
    for (int i = 1; i < names.size() - 1; i++) {
      if (!layout.isVariable(i)
          && COLLECTIONS.contains(names.get(i - 1).toLowerCase(Locale.ROOT))) {
        layout = layout.with(i);
      }
    }
    return layout;
  }

  /// The same layout with the variables of another one, if it lies where that one's do: a folder
  /// beside each tenant's database becomes a folder of each tenant.
  Layout like(Layout other) {
    Layout layout = this;
    for (int i = 0; i < names.size() - 1 && i < other.names.size() - 1; i++) {
      if (other.isVariable(i)) {
        layout = layout.with(i, other.names.get(i));
      } else if (!layout.names.get(i).equals(other.names.get(i))) {
        return i == 0 || layout.equals(this) ? this : layout;
      }
    }
    return layout;
  }

  private boolean isVariable(int index) {
    return names.get(index).startsWith("{");
  }

  /// Whether a new path can match it.
  boolean hasVariable() {
    return names.stream().anyMatch(name -> name.startsWith("{"));
  }

  private Layout with(int index) {
    String folder = index == 0 ? "" : names.get(index - 1);
    String variable = singular(folder.replaceAll("[^A-Za-z0-9]", ""));
    String unique = variable;
    for (int i = 2; names.contains("{" + unique + "}"); i++) {
      unique = variable + i;
    }
    return with(index, "{" + unique + "}");
  }

  private Layout with(int index, String name) {
    List<String> changed = new ArrayList<>(names);
    changed.set(index, name);
    return new Layout(changed);
  }

  private static String singular(String folder) {
    String word = folder.toLowerCase(Locale.ROOT);
    if (!word.matches("[a-z][a-z0-9]{2,30}")) {
      return "name";
    }
    if (word.endsWith("ies")) {
      return word.substring(0, word.length() - "ies".length()) + "y";
    }
    return word.endsWith("s") && !word.endsWith("ss") ? word.substring(0, word.length() - 1) : word;
  }

  String text() {
    return String.join("/", names);
  }
}
