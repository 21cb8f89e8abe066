package dev.holdfast.cli.command;

import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.source.DatabaseEngine;
import java.io.IOException;
import java.util.List;

/// What a member of a boundary is.
final class MemberKind {
  private MemberKind() {}

  /// `folder`, `file`, the name of an engine, or `unreadable`.
  static String of(Member member, List<DatabaseEngine> engines) {
    if (member.folder()) {
      return "folder";
    }
    try {
      for (DatabaseEngine engine : engines) {
        if (engine.recognizes(member.path())) {
          return engine.name();
        }
      }
      return "file";
    } catch (IOException e) {
      return "unreadable";
    }
  }
}
