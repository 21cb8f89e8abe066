package dev.holdfast.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine;

/// The completion script for zsh: that for bash, which loads zsh's emulation of bash itself, made
/// to work both when it is sourced and as `_holdfast` in a folder of `$fpath`.
final class ZshCompletion {
  private static final String BEFORE =
      """
      #compdef holdfast
      # The emulation of bash has no compopt.
      whence compopt > /dev/null || compopt() { : }

      """;

  private static final String AFTER =
      """

      # A file of $fpath is loaded by the first completion, and has to make that one as well.
      if [[ ${funcstack[1]:-} == _holdfast ]]; then
        _bash_complete -o default -F _complete_holdfast
      fi
      """;

  private ZshCompletion() {}

  static String of(CommandLine root) {
    return BEFORE + AutoComplete.bash("holdfast", root) + AFTER;
  }
}
