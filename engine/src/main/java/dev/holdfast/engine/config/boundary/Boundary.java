package dev.holdfast.engine.config.boundary;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.source.DatabaseEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What belongs to an app at one moment: everything that the patterns of its sources match, found
/// anew for each backup, so that what is new is inside by itself.
///
/// Nothing below the app's root is reached through a symbolic link: what a pattern would have
/// matched through one is a finding. Excludes take away what they match.
///
/// @param members in the order of the sources, each source's by path; no path twice
/// @param findings what could not be matched, and why
/// @param outside what was passed over
public record Boundary(List<Member> members, List<Finding> findings, Outside outside) {
  /// More members than this are refused: something is wrong with the pattern.
  public static final int MAX_MEMBERS = 100_000;

  public Boundary {
    members = List.copyOf(members);
    findings = List.copyOf(findings);
  }

  /// Looks at the file system.
  ///
  /// @param engines know which files belong to the state of a database beside them
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if there are more than
  ///   [#MAX_MEMBERS]
  public static Boundary expand(App app, List<DatabaseEngine> engines) {
    List<Member> members = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    Map<String, Member> taken = new HashMap<>();
    for (AppSource source : app.sources()) {
      if (source instanceof AppSource.Paths paths) {
        Collection<Member> found = new Expansion(app, paths, engines, findings).members();
        List<Member> own =
            found.stream().filter(member -> !taken.containsKey(member.path())).toList();
        if (own.isEmpty() && !found.isEmpty() && paths.template().isLiteral()) {
          findings.add(ofAnother(source.name(), found.iterator().next(), taken));
        }
        own.forEach(member -> taken.put(member.path(), member));
        members.addAll(own);
      }
    }
    Outside outside =
        app.root()
            .map(root -> new OutsideSearch(app, members, engines).under(root))
            .orElse(Outside.NOTHING);
    return new Boundary(members, findings, outside);
  }

  /// A pattern may have nothing left by chance; a path that is written out was meant.
  private static Finding ofAnother(String source, Member member, Map<String, Member> taken) {
    String other = taken.getOrDefault(member.path(), member).source();
    return new Finding(
        Finding.Severity.WARNING,
        source,
        member.path(),
        "is in the source '" + other + "' already, which comes before this one");
  }

  /// Whether a source could not be matched as it is written.
  public boolean hasFailures() {
    return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.FAILURE);
  }
}
