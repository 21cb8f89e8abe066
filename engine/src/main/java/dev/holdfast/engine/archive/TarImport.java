package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.EntryNames;
import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.read.TarInput;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestCodec;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A tar archive, ours or anybody's.
final class TarImport {
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  private final ImportRequest request;
  private final ExportObserver observer;
  private final Scratch scratch;

  TarImport(ImportRequest request, ExportObserver observer, Scratch scratch) {
    this.request = request;
    this.observer = observer;
    this.scratch = scratch;
  }

  Staged stage(TarInput tar, String word) throws IOException {
    Path unpacked = Files.createDirectory(scratch.folder().resolve("unpacked"));
    Unpacking unpacking =
        new Unpacking(
            new UnpackedTree(unpacked.toString(), new AttributeWriter(observer)),
            scratch.folder().resolve("checksums"),
            request.limits());
    unpacking.run(tar);
    Optional<Manifest> manifest = unpacking.manifest().map(TarImport::manifest);
    List<Description.Root> roots = roots(unpacking.description());
    String tree = place(unpacked.toString(), roots);
    Instant time =
        unpacking
            .description()
            .map(Description::time)
            .or(unpacking::newest)
            .orElse(request.clock().instant());
    boolean needsDatabase = unpacking.description().isEmpty();
    DatabaseInspection databases =
        new DatabaseInspection(request, scratch, tree, time).run(needsDatabase);
    List<BackupSubject.Label> labels = new ArrayList<>(labels(manifest, roots));
    labels.addAll(databases.labels());
    return new Staged(
        scratch,
        word,
        origin(unpacking.description(), manifest),
        tree,
        databases.dumps(),
        labels,
        paths(tree, roots),
        Optional.of(time),
        unpacking.files(),
        databases.count());
  }

  private static Staged.Origin origin(
      Optional<Description> description, Optional<Manifest> manifest) {
    return Staged.Origin.of(
        manifest.flatMap(Manifest::app).or(() -> description.flatMap(Description::app)),
        manifest.map(Manifest::sources).orElse(List.of()).stream()
            .map(ManifestSource::bindings)
            .toList());
  }

  private static Manifest manifest(byte[] bytes) {
    try {
      return ManifestCodec.decode(bytes);
    } catch (HoldfastException.Corrupt e) {
      throw Refusal.damaged("its manifest is broken: " + e.getMessage());
    }
  }

  /// Where its parts go.
  private List<Description.Root> roots(Optional<Description> description) {
    String root = request.placeOfStrangers();
    if (description.isEmpty()) {
      return List.of(new Description.Root("", root, true));
    }
    List<Description.Root> roots = new ArrayList<>();
    for (Description.Root each : description.get().roots()) {
      String name = each.name().isEmpty() ? "" : EntryNames.checked(each.name());
      String path = TreeLayout.checked(each.path());
      if (request.root().isPresent()) {
        path = Paths.clean(root + "/" + name);
      }
      roots.add(new Description.Root(name, path, each.folder()));
    }
    if (roots.isEmpty()) {
      throw Refusal.refused("it does not say where its content goes");
    }
    // The one that has everything else comes last.
    roots.sort(Comparator.comparing(Description.Root::name).reversed());
    return roots;
  }

  /// Moves everything to where it goes; gives the folder that stands for the snapshot's root.
  private String place(String unpacked, List<Description.Root> roots) throws IOException {
    if (roots.size() == 1
        && roots.getFirst().name().isEmpty()
        && roots.getFirst().path().equals("/")) {
      return unpacked;
    }
    TreeLayout layout =
        new TreeLayout(Files.createDirectory(scratch.folder().resolve("tree")).toString());
    for (Description.Root root : roots) {
      layout.move(unpacked, root.name(), root.path());
    }
    return layout.tree();
  }

  /// What the manifest calls its sources, at the places where they are now.
  private List<BackupSubject.Label> labels(
      Optional<Manifest> manifest, List<Description.Root> roots) {
    List<BackupSubject.Label> labels = new ArrayList<>();
    for (Description.Root root : roots) {
      if (root.folder()) {
        labels.add(new BackupSubject.Label(root.path(), root.path(), Map.of()));
      }
    }
    if (manifest.isPresent() && request.root().isEmpty()) {
      for (ManifestSource source : manifest.get().sources()) {
        boolean inside =
            roots.stream().anyMatch(root -> Paths.isWithin(root.path(), source.path()));
        if (inside && !source.name().equals(source.path())) {
          labels.add(new BackupSubject.Label(source.name(), source.path(), source.bindings()));
        }
      }
    }
    return labels;
  }

  private static List<String> paths(String tree, List<Description.Root> roots)
      throws PosixException {
    List<String> paths = new ArrayList<>();
    for (Description.Root root : roots) {
      if (!root.path().equals("/")) {
        paths.add(root.path());
        continue;
      }
      try (Descriptor folder = Descriptor.open(tree, OPEN_FOLDER, 0)) {
        Posix.readDirectory(folder.fd()).stream()
            .map(DirEntry::name)
            .forEach(name -> paths.add("/" + name));
      }
    }
    return paths.stream().sorted().toList();
  }
}
