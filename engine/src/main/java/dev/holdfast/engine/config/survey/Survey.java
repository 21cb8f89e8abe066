package dev.holdfast.engine.config.survey;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.boundary.PathTemplate;
import dev.holdfast.engine.config.recovery.RecoveryNames;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.DatabaseEngine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a folder holds, as an app: a source for each database or repeated layout of databases, and
/// sources for everything else, so that nothing is outside.
///
/// @param app the name proposed
/// @param root absolute
/// @param sources at least one
/// @param complete whether everything in the folder could be looked at
public record Survey(String app, String root, List<Proposal> sources, boolean complete) {
  /// With more sources than this besides the databases, the folder as a whole is proposed.
  private static final int MAX_OTHERS = 12;

  public Survey {
    sources = List.copyOf(sources);
  }

  /// A source proposed.
  ///
  /// @param path in the syntax of [PathTemplate]
  /// @param remark a comment for it
  public record Proposal(String name, String path, String remark) {}

  /// Looks at a folder.
  ///
  /// @param root absolute
  public static Survey of(String root, List<DatabaseEngine> engines) {
    FoundDatabases found = FoundDatabases.under(root, engines);
    Map<String, List<Layout>> byEngine = new LinkedHashMap<>();
    found
        .engines()
        .forEach((path, engine) ->
            byEngine.computeIfAbsent(engine, key -> new ArrayList<>()).add(Layout.of(path)));
    Names names = new Names();
    List<Proposal> proposals = new ArrayList<>();
    List<Layout> layouts = new ArrayList<>();
    byEngine.forEach((engine, paths) -> {
      for (Layout layout : Layout.generalize(paths)) {
        layouts.add(layout);
        proposals.add(
            new Proposal(names.of(layout), layout.text(), remark(engine, layout.hasVariable())));
      }
    });
    if (proposals.isEmpty()) {
      proposals.add(everything(names));
    } else {
      proposals.addAll(others(root, proposals, layouts, engines, names));
    }
    String app = Names.fit(UnixPath.base(root));
    return new Survey(app.isEmpty() ? "app" : app, root, proposals, found.complete());
  }

  private static String remark(String engine, boolean repeated) {
    String kind =
        switch (engine) {
          case "sqlite" -> "SQLite";
          case "duckdb" -> "DuckDB";
          default -> engine;
        };
    return repeated
        ? kind + " databases: one that is new tomorrow is inside by itself"
        : kind + " database";
  }

  private static Proposal everything(Names names) {
    return new Proposal(names.unique("files"), ".", "Everything in the folder");
  }

  private static List<Proposal> others(
      String root,
      List<Proposal> databases,
      List<Layout> layouts,
      List<DatabaseEngine> engines,
      Names names) {
    Boundary boundary = Boundary.expand(app(root, databases), engines);
    Set<Layout> rest = new LinkedHashSet<>();
    for (String path : missed(boundary)) {
      Layout layout = Layout.of(path.substring(root.equals("/") ? 1 : root.length() + 1));
      for (Layout database : layouts) {
        layout = layout.like(database);
      }
      rest.add(layout);
    }
    if (rest.size() > MAX_OTHERS || boundary.outside().leftOut() > 0) {
      return List.of(everything(names));
    }
    List<Proposal> proposals = new ArrayList<>();
    for (Layout layout : rest) {
      proposals.add(new Proposal(names.of(layout), layout.text(), "Files"));
    }
    List<Proposal> all = new ArrayList<>(databases);
    all.addAll(proposals);
    Boundary complete = Boundary.expand(app(root, all), engines);
    return missed(complete).isEmpty() && complete.outside().leftOut() == 0
        ? proposals
        : List.of(everything(names));
  }

  /// What would be outside, but for safety copies of recoveries: they are deleted one day, and
  /// sources that name them would be missing then.
  private static List<String> missed(Boundary boundary) {
    return boundary.outside().paths().stream()
        .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
        .filter(path -> !RecoveryNames.isOurs(UnixPath.base(path)))
        .toList();
  }

  private static App app(String root, List<Proposal> proposals) {
    List<AppSource> sources = new ArrayList<>();
    for (Proposal proposal : proposals) {
      sources.add(
          new AppSource.Paths(
              proposal.name(),
              PathTemplate.parse(proposal.path()),
              List.of(),
              AppSource.Absence.EXPECTED));
    }
    return App.of("survey", Optional.of(root), sources);
  }

  /// Names for sources: taken from the path, each once.
  private static final class Names {
    private static final int MAX_CHARACTERS = 40;

    private final Set<String> taken = new HashSet<>();

    String of(Layout layout) {
      List<String> names = layout.names();
      String last = names.getLast();
      int dot = last.lastIndexOf('.');
      String best = dot > 0 ? last.substring(0, dot) : last;
      for (int i = 1; i < names.size(); i++) {
        if (names.get(i).startsWith("{")) {
          best = names.get(i - 1);
        }
      }
      String fit = fit(best);
      return unique(fit.isEmpty() ? "source" : fit);
    }

    String unique(String name) {
      String unique = name;
      for (int i = 2; !taken.add(unique); i++) {
        unique = name + "-" + i;
      }
      return unique;
    }

    static String fit(String text) {
      String fit = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+|[._-]+$", "");
      return fit.substring(0, Math.min(fit.length(), MAX_CHARACTERS));
    }
  }
}
