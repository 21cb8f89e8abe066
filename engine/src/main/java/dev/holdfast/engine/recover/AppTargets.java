package dev.holdfast.engine.recover;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// What of an app is recovered, and to where: the sources that the snapshot's manifest lists, all
/// of them or those asked for, against what belongs to the app now.
///
/// @param targets from the snapshot
/// @param dumps of databases of servers, which are matched with those elsewhere
/// @param removals what belongs to the app now and is not in the snapshot
/// @param databases that are recovered, by the names of their sources: what a question to them
///   calls them
public record AppTargets(
    List<Target> targets,
    List<ManifestSource> dumps,
    List<String> removals,
    Map<String, List<String>> databases) {
  private static final String FILES = "files";
  private static final String POSTGRES = "postgres";
  private static final String GLOBALS = "postgres-globals";

  public AppTargets {
    targets = List.copyOf(targets);
    dumps = List.copyOf(dumps);
    removals = List.copyOf(removals);
    databases = Map.copyOf(databases);
  }

  /// What a person asked for.
  ///
  /// @param from the app that the snapshot is of; the same unless it is a clone
  /// @param source the only source wanted
  /// @param tenant the only tenant wanted
  /// @param target a folder that stands for the app's root
  /// @param putAsideNew whether what the snapshot does not have is put aside; else it is refused
  /// @param export a folder of the snapshot that the database is made of; names in braces stand for
  ///   the bindings of the source
  /// @param masks the statements that are run on the source of a name
  public record Wish(
      App app,
      App from,
      Optional<String> source,
      Optional<String> tenant,
      Optional<String> target,
      boolean putAsideNew,
      Optional<String> export,
      Function<String, Optional<String>> masks) {
    /// Whether everything that a source has now is wanted.
    public boolean wantsAllOf(String name) {
      return tenant.isEmpty() && source.map(name::equals).orElse(true);
    }

    private boolean isWhole() {
      return source.isEmpty() && tenant.isEmpty();
    }

    /// Of a database of a server it is that one's name.
    private static String tenantOf(Map<String, String> bindings) {
      return Identity.tenantOf(bindings)
          .orElse(bindings.getOrDefault(Manifest.DATABASE_BINDING, ""));
    }

    private boolean wants(String name, Map<String, String> bindings) {
      return source.map(name::equals).orElse(true)
          && tenant.map(value -> value.equals(tenantOf(bindings))).orElse(true);
    }
  }

  /// Matches a snapshot with what is there.
  ///
  /// @param now what belongs to the app at this moment
  /// @throws HoldfastException.NotFound if something that is wanted is not in the snapshot
  public static AppTargets of(Wish wish, Manifest manifest, List<Member> now) {
    if (wish.export().isPresent()) {
      Map<String, List<String>> imported = new TreeMap<>();
      return new AppTargets(imports(wish, manifest, now, imported), List.of(), List.of(), imported);
    }
    List<ManifestSource> wanted = wanted(wish, manifest, now);
    List<Target> targets = new ArrayList<>();
    List<ManifestSource> dumps = new ArrayList<>();
    for (ManifestSource source : wanted) {
      if (source.kind().equals(POSTGRES)) {
        dumps.add(source);
        continue;
      }
      targets.add(
          new Target(source.path(), place(wish, manifest, source, now))
              .masked(wish.masks().apply(source.name())));
    }
    refuseUnmasked(wish, manifest, targets, dumps);
    List<String> removals = new ArrayList<>();
    if (wish.target().isEmpty()) {
      removals.addAll(missing(wish, targets, now));
    }
    return new AppTargets(targets, dumps, removals, databases(manifest, targets, dumps));
  }

  private static Map<String, List<String>> databases(
      Manifest manifest, List<Target> targets, List<ManifestSource> dumps) {
    Map<String, List<String>> databases = new TreeMap<>();
    for (ManifestSource source : manifest.sources()) {
      boolean isRecovered =
          dumps.contains(source)
              || targets.stream().anyMatch(it -> Paths.isWithin(it.from(), source.path()));
      if (isRecovered && !source.kind().equals(FILES)) {
        databases.computeIfAbsent(source.name(), _ -> new ArrayList<>()).add(source.path());
      }
    }
    return databases;
  }

  /// Everything that is to be masked is masked: nothing of it comes inside of a folder, and nothing
  /// comes to an app that masks without a source that says whether it is to be.
  private static void refuseUnmasked(
      Wish wish, Manifest manifest, List<Target> targets, List<ManifestSource> dumps) {
    Set<String> names = new HashSet<>();
    wish.app().sources().forEach(source -> names.add(source.name()));
    boolean masks =
        !wish.app().name().equals(wish.from().name()) && !wish.app().recovery().masks().isEmpty();
    for (ManifestSource source : manifest.sources()) {
      if (!wish.wants(source.name(), source.bindings()) || source.kind().equals(GLOBALS)) {
        continue;
      }
      if (masks && !names.contains(source.name())) {
        throw new HoldfastException.Rejected(
            "the app '%s' masks what comes from others, and has no source '%s' for %s"
                .formatted(wish.app().name(), source.name(), OsString.display(source.path())),
            "name the sources of both apps alike, or recover others alone with --source");
      }
      boolean alone =
          dumps.contains(source)
              || targets.stream().anyMatch(target -> target.from().equals(source.path()));
      boolean isDatabase = !source.kind().equals(FILES);
      if (isDatabase && !alone && wish.masks().apply(source.name()).isPresent()) {
        throw new HoldfastException.Rejected(
            "%s is to be masked, and would come unmasked inside of a folder"
                .formatted(OsString.display(source.path())),
            "if that has nothing else in it, move away what is at its place%s; or name the database by a pattern of its own, as a source of the app that it is from"
                .formatted(placeOfFolder(targets, source)));
      }
    }
  }

  /// Where the folder goes that something lies in.
  private static String placeOfFolder(List<Target> targets, ManifestSource source) {
    return targets.stream()
        .filter(target -> Paths.isWithin(target.from(), source.path()))
        .findFirst()
        .map(target -> ", " + OsString.display(target.live()))
        .orElse("");
  }

  private static List<ManifestSource> wanted(Wish wish, Manifest manifest, List<Member> now) {
    if (wish.isWhole() && !manifest.failed().isEmpty()) {
      throw new HoldfastException.NotFound(
          "%s is not in the snapshot: %s"
              .formatted(
                  OsString.display(manifest.failed().getFirst().path()),
                  manifest.failed().getFirst().reason()),
          "recover the sources that are in it one by one with --source, or an earlier snapshot");
    }
    List<ManifestSource> wanted = new ArrayList<>();
    List<ManifestSource> ordered =
        manifest.sources().stream().sorted(Comparator.comparing(AppTargets::inItsFolder)).toList();
    String folder = "";
    for (ManifestSource source : ordered) {
      boolean covered = !folder.isEmpty() && Paths.isWithin(folder, source.path());
      boolean isWanted = wish.wants(source.name(), source.bindings());
      if (!isWanted
          || covered
          || source.kind().equals(GLOBALS)
          || comesAsDatabases(wish, source, now)) {
        continue;
      }
      folder = source.kind().equals(FILES) ? source.path() : folder;
      wanted.add(source);
    }
    if (wanted.isEmpty()) {
      throw new HoldfastException.NotFound(
          "the snapshot has nothing of %s%s"
              .formatted(
                  wish.source().map(name -> "the source '" + name + "'").orElse("what is wanted"),
                  wish.tenant().map(name -> " of the tenant '" + name + "'").orElse("")),
          "'holdfast show' lists what is in a snapshot");
    }
    return wanted;
  }

  /// Whether a folder has nothing in it but databases that are to be masked, and none takes its
  /// place: they come one by one then, because each is masked by itself.
  private static boolean comesAsDatabases(Wish wish, ManifestSource source, List<Member> now) {
    return source.kind().equals(FILES)
        && source.files().map(count -> count.files() == 0).orElse(false)
        && wish.masks().apply(source.name()).isPresent()
        && !Posix.isPresent(place(wish, source, now));
  }

  /// What sorts a folder directly before all that is in it, and others, `data-old`, behind that.
  private static String inItsFolder(ManifestSource source) {
    return source.path().replace('/', '\0');
  }

  /// The databases that are made of exports: those that the manifest lists, or else those that are
  /// there now.
  ///
  /// @param imported is told what each source gets
  private static List<Target> imports(
      Wish wish, Manifest manifest, List<Member> now, Map<String, List<String>> imported) {
    if (wish.isWhole()) {
      throw new HoldfastException.Rejected(
          "--from-export is for one source", "name it with --source, or a tenant with --tenant");
    }
    Map<String, Target> targets = new TreeMap<>();
    for (ManifestSource source : manifest.sources()) {
      if (wish.wants(source.name(), source.bindings()) && !source.kind().equals(FILES)) {
        String live = place(wish, manifest, source, now);
        targets.put(live, imported(wish, source.name(), source.bindings(), live));
        imported.computeIfAbsent(source.name(), _ -> new ArrayList<>()).add(live);
      }
    }
    for (Member member : now) {
      if (wish.wants(member.source(), member.bindings()) && !member.folder()) {
        Target target = imported(wish, member.source(), member.bindings(), member.path());
        if (targets.putIfAbsent(member.path(), target) == null) {
          imported.computeIfAbsent(member.source(), _ -> new ArrayList<>()).add(member.path());
        }
      }
    }
    if (targets.isEmpty()) {
      throw new HoldfastException.NotFound(
          "the app '%s' has no such database".formatted(wish.app().name()),
          "name its file instead of the app");
    }
    if (targets.size() > 1
        && targets.values().stream().map(Target::from).distinct().count() < targets.size()) {
      throw new HoldfastException.Rejected(
          "several databases would be made of one export",
          "write the names of the source's pattern in the path, such as {tenant}");
    }
    return List.copyOf(targets.values());
  }

  private static Target imported(
      Wish wish, String source, Map<String, String> bindings, String live) {
    String folder = wish.export().orElseThrow();
    for (Map.Entry<String, String> binding : bindings.entrySet()) {
      folder = folder.replace("{" + binding.getKey() + "}", binding.getValue());
    }
    return new Target(folder, live, true, wish.masks().apply(source));
  }

  /// Where something goes that is in the snapshot: with the folder that is its source, if it lies
  /// in one.
  private static String place(
      Wish wish, Manifest manifest, ManifestSource source, List<Member> now) {
    return manifest.sources().stream()
        .filter(it -> it.kind().equals(FILES) && it.name().equals(source.name()))
        .filter(it -> it.bindings().equals(source.bindings()))
        .filter(it -> !it.path().equals(source.path()))
        .filter(it -> Paths.isWithin(it.path(), source.path()))
        .findFirst()
        .map(folder ->
            Paths.clean(
                place(wish, folder, now) + "/" + source.path().substring(folder.path().length())))
        .orElseGet(() -> place(wish, source, now));
  }

  /// Where a source goes: of a clone, what the app itself says of the source of that name, with the
  /// names in its pattern that it had; else by its place in the root.
  private static String place(Wish wish, ManifestSource source, List<Member> now) {
    Optional<String> root = wish.from().root();
    boolean inRoot = root.isPresent() && Paths.isWithin(root.get(), source.path());
    if (wish.target().isPresent()) {
      String inside = inRoot ? source.path().substring(root.get().length()) : source.path();
      return Paths.clean(wish.target().get() + "/" + inside);
    }
    if (wish.app().name().equals(wish.from().name())) {
      return source.path();
    }
    Optional<String> own = ownPlace(wish.app(), source);
    if (own.isPresent()) {
      return own.get();
    }
    if (inRoot && wish.app().root().isPresent()) {
      return Paths.clean(wish.app().root().get() + source.path().substring(root.get().length()));
    }
    return now.stream()
        .filter(member -> member.source().equals(source.name()))
        .filter(member -> member.bindings().equals(source.bindings()))
        .map(Member::path)
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException.NotFound(
                "the app '%s' has no place for %s of '%s'"
                    .formatted(
                        wish.app().name(), OsString.display(source.path()), wish.from().name()),
                "give both apps a root, or name their sources alike"));
  }

  private static Optional<String> ownPlace(App app, ManifestSource source) {
    return app.sources().stream()
        .filter(own -> own.name().equals(source.name()))
        .flatMap(own -> own instanceof AppSource.Paths paths ? Stream.of(paths) : Stream.of())
        .flatMap(own -> own.template().fill(source.bindings()).stream())
        .map(path ->
            path.startsWith("/") ? path : app.root().map(root -> root + "/" + path).orElse(path))
        .filter(path -> path.startsWith("/"))
        .map(Paths::clean)
        .findFirst();
  }

  private static List<String> missing(Wish wish, List<Target> targets, List<Member> now) {
    List<String> missing = new ArrayList<>();
    for (Member member : now) {
      boolean inSnapshot =
          targets.stream().anyMatch(target -> Paths.isWithin(target.live(), member.path()));
      if (!inSnapshot && wish.wants(member.source(), member.bindings())) {
        missing.add(member.path());
      }
    }
    if (!missing.isEmpty() && !wish.putAsideNew()) {
      throw new HoldfastException.NotFound(
          "%s belongs to the app and is not in the snapshot"
              .formatted(OsString.display(missing.getFirst())),
          "--put-aside-new moves it to a safety copy; --source or --tenant recovers others alone");
    }
    return missing;
  }
}
