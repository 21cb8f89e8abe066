package dev.holdfast.repository.format;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a changed copy of a [Snapshot]. Not thread-safe.
public final class SnapshotBuilder {
  private final Snapshot base;
  private OffsetDateTime time;
  private @Nullable SnapshotId parent;
  private BlobId tree;
  private List<String> paths;
  private String hostname;
  private List<String> excludes;
  private List<String> tags;
  private @Nullable SnapshotId original;
  private @Nullable SnapshotSummary summary;

  SnapshotBuilder(Snapshot base) {
    this.base = base;
    time = base.time();
    parent = base.parent();
    tree = base.tree();
    paths = base.paths();
    hostname = base.hostname();
    excludes = base.excludes();
    tags = base.tags();
    original = base.original();
    summary = base.summary();
  }

  public SnapshotBuilder time(OffsetDateTime value) {
    time = value;
    return this;
  }

  public SnapshotBuilder parent(@Nullable SnapshotId value) {
    parent = value;
    return this;
  }

  public SnapshotBuilder tree(BlobId value) {
    tree = value;
    return this;
  }

  public SnapshotBuilder paths(List<String> value) {
    paths = value;
    return this;
  }

  public SnapshotBuilder hostname(String value) {
    hostname = value;
    return this;
  }

  public SnapshotBuilder excludes(List<String> value) {
    excludes = value;
    return this;
  }

  public SnapshotBuilder tags(List<String> value) {
    tags = value;
    return this;
  }

  public SnapshotBuilder original(@Nullable SnapshotId value) {
    original = value;
    return this;
  }

  public SnapshotBuilder summary(@Nullable SnapshotSummary value) {
    summary = value;
    return this;
  }

  public Snapshot build() {
    return new Snapshot(
        time,
        parent,
        tree,
        paths,
        hostname,
        base.username(),
        base.uid(),
        base.gid(),
        excludes,
        tags,
        original,
        base.programVersion(),
        summary);
  }
}
