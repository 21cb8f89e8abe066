package dev.holdfast.repository.format;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a snapshot file.
final class SnapshotReader {
  private final JsonReader json;
  private OffsetDateTime time = GoTime.ZERO;
  private @Nullable SnapshotId parent;
  private @Nullable BlobId tree;
  private List<String> paths = List.of();
  private String hostname = "";
  private String username = "";
  private long uid;
  private long gid;
  private List<String> excludes = List.of();
  private List<String> tags = List.of();
  private @Nullable SnapshotId original;
  private String programVersion = "";
  private @Nullable SnapshotSummary summary;

  private SnapshotReader(JsonReader json) {
    this.json = json;
  }

  static Snapshot read(JsonReader json) {
    SnapshotReader reader = new SnapshotReader(json);
    json.object(reader::member);
    return reader.snapshot();
  }

  private Snapshot snapshot() {
    if (tree == null) {
      throw json.missing("tree");
    }
    return new Snapshot(
        time,
        parent,
        tree,
        paths,
        hostname,
        username,
        uid,
        gid,
        excludes,
        tags,
        original,
        programVersion,
        summary);
  }

  private void member(String name) {
    switch (name) {
      case "time" -> time = json.time();
      case "parent" -> parent = idOrNull();
      case "tree" -> readTree();
      case "paths" -> paths = json.strings();
      case "hostname" -> hostname = json.string();
      case "username" -> username = json.string();
      case "uid" -> uid = json.number(JsonReader.MAX_UNSIGNED_32);
      case "gid" -> gid = json.number(JsonReader.MAX_UNSIGNED_32);
      case "excludes" -> excludes = json.strings();
      case "tags" -> tags = json.strings();
      case "original" -> original = idOrNull();
      case "program_version" -> programVersion = json.string();
      case "summary" -> summary = json.isNull() ? null : SummaryCodec.read(json);
      default -> json.skip();
    }
  }

  private void readTree() {
    Hash hash = json.hashOrNull();
    tree = hash == null ? null : new BlobId(hash);
  }

  private @Nullable SnapshotId idOrNull() {
    Hash hash = json.hashOrNull();
    return hash == null ? null : new SnapshotId(hash);
  }
}
