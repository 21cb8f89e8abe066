package dev.holdfast.cli.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Manual pages in roff, one for the program and one for each command, from the commands' own
/// descriptions.
final class ManualPages {
  private static final String SECTION = "1";

  private ManualPages() {}

  /// File name to page.
  static Map<String, String> of(CommandLine root, String version) {
    Map<String, String> pages = new LinkedHashMap<>();
    add(pages, root, "holdfast", version);
    return pages;
  }

  /// The command's one line.
  static String summary(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  private static void add(
      Map<String, String> pages, CommandLine command, String name, String version) {
    pages.put(name + "." + SECTION, page(command.getCommandSpec(), name, version));
    command
        .getSubcommands()
        .forEach((word, child) -> add(pages, child, name + "-" + word, version));
  }

  private static String page(CommandSpec spec, String name, String version) {
    StringBuilder page = new StringBuilder();
    page.append(
            ".TH \"%s\" \"%s\" \"\" \"holdfast %s\"\n"
                .formatted(name.toUpperCase(Locale.ROOT), SECTION, version))
        .append(".SH NAME\n")
        .append(escape(name + " - " + summary(spec)))
        .append("\n.SH SYNOPSIS\n\\fB")
        .append(escape(name.replace('-', ' ')))
        .append("\\fP [options]");
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      page.append(' ').append(escape(parameter.paramLabel()));
    }
    page.append('\n');
    commands(page, spec, name);
    page.append(".SH OPTIONS\n");
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        option(page, option);
      }
    }
    page.append(
        """
        .SH EXIT STATUS
        0 done; 1 failed; 2 wrong usage; 3 done in part; 4 declined; 10 no repository; \
        11 locked; 12 wrong password; 130 interrupted.
        """);
    return page.toString();
  }

  private static void commands(StringBuilder page, CommandSpec spec, String name) {
    if (spec.subcommands().isEmpty()) {
      return;
    }
    page.append(".SH COMMANDS\n");
    spec.subcommands()
        .forEach((word, child) ->
            page.append(".TP\n\\fB")
                .append(escape(name + "-" + word))
                .append("\\fP(" + SECTION + ")\n")
                .append(escape(summary(child.getCommandSpec())))
                .append('\n'));
  }

  private static void option(StringBuilder page, OptionSpec option) {
    page.append(".TP\n\\fB").append(escape(String.join(", ", option.names()))).append("\\fP");
    if (option.arity().max() > 0) {
      page.append(" \\fI").append(escape(option.paramLabel())).append("\\fP");
    }
    page.append('\n').append(escape(String.join(" ", option.description()))).append('\n');
  }

  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
