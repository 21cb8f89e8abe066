package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.AppSource.Databases;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.ConfigurationLoader;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.config.boundary.Finding;
import dev.holdfast.engine.config.boundary.Finding.Severity;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.config.boundary.Outside;
import dev.holdfast.posix.OsString;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The findings of `config check` for people.
final class ConfigText implements ConfigReport {
  /// Of more members of a source the rest is counted.
  private static final int MAX_MEMBERS = 20;

  private final Session session;

  ConfigText(Session session) {
    this.session = session;
  }

  @Override
  public void invalid(String file, ConfigurationLoader.Result result) {
    result.problems().forEach(problem -> line(problem.toString()));
    if (result.leftOut() > 0) {
      line("and " + result.leftOut() + " more");
    }
  }

  @Override
  public void valid(
      Configuration configuration,
      Map<String, SecretCheck> repositories,
      List<ConfigCheck.Checked> apps) {
    line(configuration.file() + " is right");
    configuration
        .repositories()
        .values()
        .forEach(repository -> repository(repository, repositories));
    if (configuration.repositories().isEmpty()) {
      line(
          "repositories: none, so the one of --repo, the environment, or the standard one is used");
    }
    apps.forEach(this::app);
  }

  private void repository(RepositorySettings repository, Map<String, SecretCheck> secrets) {
    line("repository " + repository.name() + " at " + repository.shown());
    SecretCheck secret = secrets.get(repository.name());
    if (secret == null) {
      line("  password: from the command line, the environment, or asked for");
    } else {
      line("  password: *** from " + secret.from());
      secret(secret);
    }
  }

  private void secret(SecretCheck secret) {
    secret
        .severity()
        .ifPresent(severity ->
            line(
                "  %s: %s: %s %s"
                    .formatted(word(severity), secret.what(), secret.from(), secret.message())));
  }

  private void app(ConfigCheck.Checked checked) {
    App app = checked.app();
    line("");
    line("app " + app.name() + checked.repository().map(name -> ", to " + name).orElse(""));
    app.root().ifPresent(root -> line("  root " + OsString.display(root)));
    for (AppSource source : app.sources()) {
      switch (source) {
        case AppSource.Paths paths -> paths(paths, checked.boundary().members());
        case AppSource.Postgres postgres ->
            line("  " + source.name() + ": PostgreSQL, " + databases(postgres.databases()));
      }
    }
    app.recovery()
        .masks()
        .forEach((source, files) ->
            line(
                "  %s of another app is masked by %s"
                    .formatted(source, OsString.display(String.join(", ", files)))));
    checked.secrets().forEach(this::secret);
    for (Finding finding : checked.boundary().findings()) {
      line("  " + word(finding.severity()) + ": " + finding);
    }
    outside(checked.boundary().outside());
  }

  static String databases(Databases databases) {
    return switch (databases) {
      case Databases.All _ -> "all databases";
      case Databases.Listed listed -> "databases " + String.join(", ", listed.names());
      case Databases.OfConnection _ -> "the database of the connection";
    };
  }

  private void paths(AppSource.Paths source, List<Member> members) {
    List<Member> own =
        members.stream().filter(member -> member.source().equals(source.name())).toList();
    line(
        "  %s: %s, %d found"
            .formatted(source.name(), OsString.display(source.template().text()), own.size()));
    own.stream()
        .limit(MAX_MEMBERS)
        .forEach(member ->
            line(
                "    %s %s%s"
                    .formatted(
                        MemberKind.of(member, session.engines()),
                        OsString.display(member.path()),
                        bindings(member.bindings()))));
    if (own.size() > MAX_MEMBERS) {
      line("    and " + (own.size() - MAX_MEMBERS) + " more");
    }
  }

  private static String bindings(Map<String, String> bindings) {
    StringBuilder text = new StringBuilder();
    bindings.forEach((name, value) ->
        text.append(text.isEmpty() ? " (" : ", ")
            .append(name)
            .append(' ')
            .append(OsString.display(value)));
    return text.isEmpty() ? "" : text.append(')').toString();
  }

  private void outside(Outside outside) {
    if (outside.isEmpty()) {
      line(
          outside.complete()
              ? "  nothing is outside the boundary"
              : "  not all of the root could be looked at");
      return;
    }
    line("  OUTSIDE the boundary, in no source and no exclude:");
    outside.paths().forEach(path -> line("    " + OsString.display(path)));
    if (outside.leftOut() > 0) {
      line("    and " + outside.leftOut() + " more");
    }
    if (!outside.complete()) {
      line("    and not all of the root could be looked at");
    }
  }

  private static String word(Severity severity) {
    return switch (severity) {
      case FAILURE -> severity.name();
      case WARNING -> severity.name().toLowerCase(Locale.ROOT);
    };
  }

  private void line(String text) {
    session.console().line(text);
  }
}
