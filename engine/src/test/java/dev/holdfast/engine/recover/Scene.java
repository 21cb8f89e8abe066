package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.Replacement.Action;
import dev.holdfast.engine.recover.plan.Replacement.Kind;
import dev.holdfast.engine.recover.service.ServiceSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An app on a [ModelFiles]: a database with a log, a database that is gone but for its log, and a
/// file that the snapshot does not have.
final class Scene {
  static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
  private static final List<String> SUFFIXES = List.of("-wal", "-shm", "-journal");

  private final ModelFiles files;
  private final List<Replacement> replacements = new ArrayList<>();
  private final Map<String, Long> staged = new TreeMap<>();

  Scene(ModelFiles files) {
    this.files = files;
    files.make("/data");
    long database = files.make("/data/app.db");
    files.make("/data/app.db-wal");
    files.make("/data/lost.db-wal");
    long surplus = files.make("/data/cache");
    files.make("/data/of-somebody-else");
    add(Kind.DATABASE, Action.REPLACE, "/data/app.db", database);
    add(Kind.DATABASE, Action.CREATE, "/data/lost.db", 0);
    add(Kind.FILE, Action.REMOVE, "/data/cache", surplus);
  }

  private void add(Kind kind, Action action, String live, long inode) {
    String stage = "/data/.holdfast-1-" + replacements.size();
    replacements.add(
        new Replacement(
            kind,
            action,
            Optional.empty(),
            live,
            live,
            stage,
            stage + live.substring(live.lastIndexOf('/')),
            live + ".pre-restore.1",
            kind == Kind.DATABASE ? SUFFIXES : List.of(),
            inode,
            0,
            List.of(),
            false,
            Optional.empty()));
  }

  Plan plan() {
    return new Plan(
        "1",
        NOW,
        "app",
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Plan.Origin("r", "/repository", "0123456789", NOW, "host", List.of())),
        Optional.empty(),
        replacements,
        List.of(),
        ServiceSettings.NONE,
        false);
  }

  List<Replacer> replacers() {
    List<Replacer> replacers = new ArrayList<>();
    for (Replacement it : replacements) {
      replacers.add(new FileReplacer(it, files, stager(), _ -> {}, Optional.empty()));
    }
    return replacers;
  }

  /// An app of so many databases, in one folder.
  static Scene ofTenants(ModelFiles files, int count) {
    Scene scene = new Scene(files);
    for (int i = 0; i < count; i++) {
      String live = "/data/tenant-" + i + ".db";
      scene.add(Kind.DATABASE, Action.REPLACE, live, files.make(live));
    }
    return scene;
  }

  private Stager stager() {
    return new Stager() {
      @Override
      public void validate(Replacement it) {}

      @Override
      public void stage(Replacement it) throws IOException {
        files.removeTree(it.stageFolder());
        files.makeFolder(it.stageFolder());
        staged.put(it.live(), files.makeUnsynced(it.staged()));
      }

      @Override
      public boolean unstage(Replacement it) throws IOException {
        boolean isThere = files.inode(it.stageFolder()).isPresent();
        files.removeTree(it.stageFolder());
        return isThere;
      }
    };
  }

  /// What is there when the new state is live.
  Map<String, Long> after(Map<String, Long> before) {
    Map<String, Long> after = new TreeMap<>(before);
    for (Replacement it : replacements) {
      List<String> all = new ArrayList<>(it.suffixes());
      all.add("");
      for (String suffix : all) {
        Long old = after.remove(it.live() + suffix);
        if (old != null) {
          after.put(it.safety() + suffix, old);
        }
      }
      if (it.bringsSomething()) {
        after.put(it.live(), staged.getOrDefault(it.live(), 0L));
      }
    }
    return after;
  }
}
