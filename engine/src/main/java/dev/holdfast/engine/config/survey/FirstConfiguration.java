package dev.holdfast.engine.config.survey;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The text of a first `holdfast.yaml`, with comments that show what else can be said.
public final class FirstConfiguration {
  private static final String HEAD =
      """
      # What Holdfast backs up, and where to.
      # 'holdfast config check' says whether it is right, and what it leaves out.
      # 'holdfast config schema' prints a JSON Schema of all keys.

      # Where backups go. As long as all of this is a comment, the repository of --repo or
      # RESTIC_REPOSITORY is used, or else one under ~/.local/share/holdfast.
      #
      # repositories:
      #   main:
      #     location: /srv/backup/holdfast
      #     password-file: /etc/holdfast/password     # or password-command, or password-env

      apps:
      """;
  private static final String TAIL =
      """
            # A PostgreSQL server of the app:
            #
            # database:
            #   postgres:
            #     settings: {host: localhost, user: backup, dbname: shop}
            #     password-env: DATABASE_PASSWORD       # or password-file, or password-command
            #     # databases: all                      # every database of the server

          # What is left out, as 'backup --exclude' takes it:
          # excludes: ["*.tmp", cache]

          # Tags of each snapshot:
          # tags: [production]

          # If a source fails, nothing is stored, unless this says otherwise:
          # on-error: partial

          # Commands around a backup. A list is run as it is, a text by /bin/sh.
          # hooks:
          #   before:
          #     - run: [/usr/local/bin/flush-queues]
          #       time-limit: 30s
          #   on-error:
          #     - run: logger "backup of $HOLDFAST_APP failed, $HOLDFAST_ERROR"
      """;

  private FirstConfiguration() {}

  /// The text for the apps that were looked at, in their order; names that occur twice are
  /// numbered.
  public static String of(List<Survey> surveys) {
    StringBuilder text = new StringBuilder(HEAD);
    Set<String> names = new HashSet<>();
    for (Survey survey : surveys) {
      String name = survey.app();
      for (int i = 2; !names.add(name); i++) {
        name = survey.app() + "-" + i;
      }
      text.append("  ").append(scalar(name)).append(":\n");
      text.append("    root: ").append(scalar(survey.root())).append('\n');
      text.append("    sources:\n");
      for (Survey.Proposal source : survey.sources()) {
        text.append("      # ").append(source.remark()).append('\n');
        text.append("      ").append(scalar(source.name())).append(":\n");
        text.append("        path: ").append(scalar(source.path())).append("\n\n");
      }
      text.append(TAIL);
    }
    return text.toString();
  }

  /// A scalar that YAML reads back as this text: as it is where nothing can be mistaken, in double
  /// quotes otherwise.
  static String scalar(String text) {
    boolean plain =
        text.matches("[A-Za-z/][A-Za-z0-9_./{}-]*")
            && !text.contains(": ")
            && !Set.of("true", "false", "null").contains(text.toLowerCase(Locale.ROOT));
    if (plain) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').appendCodePoint(c);
          } else if ((c >= 0x20 && c < 0x7f) || Character.isLetterOrDigit(c)) {
            quoted.appendCodePoint(c);
          } else {
            quoted.append(c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
          }
        });
    return quoted.append('"').toString();
  }
}
