package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.ConfigurationLoader;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.config.boundary.Finding;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.config.shape.Place;
import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.posix.OsString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The findings of `config check` for programs: one object on one line. Names that are not UTF-8
/// are shown with their bytes as `\xNN`.
final class ConfigJson implements ConfigReport {
  private final Session session;

  ConfigJson(Session session) {
    this.session = session;
  }

  @Override
  public void invalid(String file, ConfigurationLoader.Result result) {
    Json json = Json.message("config_check").field("file", file).field("valid", false);
    json.raw("problems", Json.array(result.problems().stream().map(ConfigJson::problem).toList()));
    session.console().line(json.field("problems_left_out", result.leftOut()).end());
  }

  private static String problem(Problem problem) {
    Json json = Json.object();
    switch (problem.place()) {
      case Place.Position at -> json.field("line", at.line()).field("column", at.column());
      case Place.Variable variable -> json.field("variable", variable.name());
    }
    return json.field("message", problem.message()).end();
  }

  @Override
  public void valid(
      Configuration configuration,
      Map<String, SecretCheck> repositories,
      List<ConfigCheck.Checked> apps) {
    List<String> stores = new ArrayList<>();
    for (RepositorySettings repository : configuration.repositories().values()) {
      Json json =
          Json.object().field("name", repository.name()).field("location", repository.shown());
      SecretCheck secret = repositories.get(repository.name());
      stores.add(secret == null ? json.end() : json.raw("password", secret(secret)).end());
    }
    session
        .console()
        .line(
            Json.message("config_check")
                .field("file", configuration.file())
                .field("valid", true)
                .raw("repositories", Json.array(stores))
                .raw("apps", Json.array(apps.stream().map(this::app).toList()))
                .end());
  }

  private static String secret(SecretCheck secret) {
    Json json = Json.object().field("value", "***").field("from", secret.from());
    secret
        .severity()
        .ifPresent(severity ->
            json.field("severity", severity.name().toLowerCase(Locale.ROOT))
                .field("message", secret.message()));
    return json.end();
  }

  private String app(ConfigCheck.Checked checked) {
    Json json = Json.object().field("name", checked.app().name());
    checked.repository().ifPresent(name -> json.field("repository", name));
    checked.app().root().ifPresent(root -> json.field("root", OsString.display(root)));
    List<Member> members = checked.boundary().members();
    return json.raw(
            "sources",
            Json.array(
                checked.app().sources().stream().map(source -> source(source, members)).toList()))
        .raw("masks", masks(checked.app()))
        .raw("secrets", Json.array(checked.secrets().stream().map(ConfigJson::secret).toList()))
        .raw(
            "findings",
            Json.array(checked.boundary().findings().stream().map(ConfigJson::finding).toList()))
        .strings(
            "outside",
            checked.boundary().outside().paths().stream().map(OsString::display).toList())
        .field("outside_left_out", checked.boundary().outside().leftOut())
        .field("outside_complete", checked.boundary().outside().complete())
        .end();
  }

  private static String masks(App app) {
    Json masks = Json.object();
    app.recovery()
        .masks()
        .forEach((source, files) ->
            masks.strings(source, files.stream().map(OsString::display).toList()));
    return masks.end();
  }

  private String source(AppSource source, List<Member> members) {
    Json json = Json.object().field("name", source.name());
    return switch (source) {
      case AppSource.Paths paths ->
          json.field("kind", "paths")
              .field("path", OsString.display(paths.template().text()))
              .raw(
                  "members",
                  Json.array(
                      members.stream()
                          .filter(member -> member.source().equals(source.name()))
                          .map(this::member)
                          .toList()))
              .end();
      case AppSource.Postgres postgres ->
          json.field("kind", "postgres")
              .field("databases", ConfigText.databases(postgres.databases()))
              .end();
    };
  }

  private String member(Member member) {
    Json bindings = Json.object();
    member.bindings().forEach((name, value) -> bindings.field(name, OsString.display(value)));
    return Json.object()
        .field("path", OsString.display(member.path()))
        .field("kind", MemberKind.of(member, session.engines()))
        .raw("bindings", bindings.end())
        .end();
  }

  private static String finding(Finding finding) {
    return Json.object()
        .field("severity", finding.severity().name().toLowerCase(Locale.ROOT))
        .field("source", finding.source())
        .field("path", OsString.display(finding.path()))
        .field("message", finding.message())
        .end();
  }
}
