package dev.holdfast.cli.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
    String[] description = spec.usageMessage().description();
    return description.length == 0 ? "" : description[0];
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
        .append("\\fP")
        .append(escape(synopsis(spec)))
        .append('\n');
    String[] description = spec.usageMessage().description();
    if (description.length > 1) {
      page.append(".SH DESCRIPTION\n");
      Stream.of(description).skip(1).forEach(line -> page.append(escape(line)).append('\n'));
    }
    commands(page, spec, name);
    arguments(page, spec);
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

  private static String synopsis(CommandSpec spec) {
    StringBuilder text = new StringBuilder(" [options]");
    for (OptionSpec option : spec.options()) {
      if (option.required()) {
        text.append(' ').append(option.longestName()).append(' ').append(option.paramLabel());
      }
    }
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      // A label with a space says itself what may be repeated.
      boolean more = parameter.arity().max() > 1 && !parameter.paramLabel().contains(" ");
      String words = parameter.paramLabel() + (more ? "..." : "");
      text.append(' ').append(parameter.required() ? words : "[" + words + "]");
    }
    if (!spec.subcommands().isEmpty()) {
      text.append(spec.userObject() instanceof Callable ? " [COMMAND]" : " COMMAND");
    }
    return text.toString();
  }

  private static void arguments(StringBuilder page, CommandSpec spec) {
    if (spec.positionalParameters().isEmpty()) {
      return;
    }
    page.append(".SH ARGUMENTS\n");
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      page.append(".TP\n\\fI")
          .append(escape(parameter.paramLabel()))
          .append("\\fP\n")
          .append(escape(String.join(" ", parameter.description())))
          .append('\n');
    }
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
