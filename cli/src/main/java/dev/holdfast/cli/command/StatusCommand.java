package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.config.proof.Proof;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.status.Protection;
import dev.holdfast.engine.status.Protection.Place;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = {
      "Say how well each app is protected: its newest snapshots, and whether anything is overdue",
      "Exit status 0: all is well; 3: something is overdue, failed or missing."
    })
final class StatusCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "APP", arity = "0..*", description = "only these apps (default: all)")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--prometheus",
      paramLabel = "FILE",
      description = "write the numbers as a text file of Prometheus as well, as a whole")
  @Nullable String prometheus;

  StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.giveUpSoon(); // a monitor waits, and another repository may be next
    Instant now = session.clock().instant();
    Optional<Configuration> configuration = session.configuration();
    boolean configured =
        configuration.isPresent()
            && !configuration.get().apps().isEmpty()
            && !session.namesRepository();
    List<Protection> all =
        configured ? ofConfiguration(configuration.get(), now) : ofRepository(configuration, now);
    if (session.globals().json()) {
      session.console().line(StatusText.json(all));
    } else {
      StatusText text = new StatusText(session.clock());
      session.console().text(session.globals().quiet() ? text.problems(all) : text.of(all));
    }
    if (prometheus != null) {
      WholeFile.write(
          Path.of(session.workingDirectory()).resolve(prometheus), StatusMetrics.of(all, now));
    }
    return all.stream().allMatch(Protection::isWell) ? ExitCode.DONE : ExitCode.DONE_IN_PART;
  }

  /// Every app of the configuration, in every repository that it has there.
  private List<Protection> ofConfiguration(Configuration configuration, Instant now) {
    List<App> apps =
        names.isEmpty()
            ? List.copyOf(configuration.apps().values())
            : names.stream().distinct().map(configuration::app).toList();
    Map<String, List<Place>> byRepository = new LinkedHashMap<>();
    for (App app : apps) {
      String own = configuration.repositoryOf(app).map(RepositorySettings::name).orElse("");
      place(byRepository, app, own, false);
      app.proof().copies().forEach(copy -> place(byRepository, app, copy, true));
    }
    List<Protection> all = new ArrayList<>();
    byRepository.forEach((name, places) ->
        all.addAll(look(Optional.ofNullable(configuration.repositories().get(name)), places, now)));
    return all;
  }

  private static void place(
      Map<String, List<Place>> byRepository, App app, String repository, boolean isCopy) {
    byRepository
        .computeIfAbsent(repository, _ -> new ArrayList<>())
        .add(
            new Place(
                app.name(), repository.isEmpty() ? "default" : repository, isCopy, app.proof()));
  }

  /// A repository that cannot be looked at protects nothing; the others are looked at all the same.
  private List<Protection> look(
      Optional<RepositorySettings> settings, List<Place> places, Instant now) {
    settings.ifPresent(session::useRepository);
    try (RepositoryAccess access = session.open(Optional.empty())) {
      return judge(places, access, now);
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return places.stream()
          .map(place -> Protection.unreachable(place, String.valueOf(e.getMessage())))
          .toList();
    }
  }

  /// The apps that snapshots of one repository are of.
  private List<Protection> ofRepository(Optional<Configuration> configuration, Instant now) {
    try (RepositoryAccess access = session.open(Optional.empty())) {
      TreeSet<String> apps = new TreeSet<>(names);
      if (names.isEmpty()) {
        for (SnapshotView snapshot : snapshots(access)) {
          Manifest.appOf(snapshot.tags()).ifPresent(apps::add);
        }
      }
      List<Place> places =
          apps.stream()
              .map(name -> new Place(name, session.location(), false, proof(configuration, name)))
              .toList();
      return judge(places, access, now);
    }
  }

  private static Proof proof(Optional<Configuration> configuration, String app) {
    return configuration
        .flatMap(all -> Optional.ofNullable(all.apps().get(app)))
        .map(App::proof)
        .orElse(Proof.NONE);
  }

  private List<Protection> judge(List<Place> places, RepositoryAccess access, Instant now) {
    List<SnapshotView> snapshots = snapshots(access);
    DrillRecords drills = DrillRecords.load(access.repository(), this::sayDamaged);
    return places.stream().map(place -> Protection.of(place, snapshots, drills, now)).toList();
  }

  private List<SnapshotView> snapshots(RepositoryAccess access) {
    return new Snapshots(access.repository()).matching(SnapshotFilter.ALL, this::sayDamaged);
  }

  private void sayDamaged(HoldfastException cause) {
    session.console().errorLine("holdfast: " + cause.getMessage());
  }
}
