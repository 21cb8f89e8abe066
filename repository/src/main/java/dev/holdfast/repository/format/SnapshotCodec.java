package dev.holdfast.repository.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Snapshot file to bytes and back (format sheet, section 7).
public final class SnapshotCodec {
  private static final int JSON_BYTES = 1024;

  private SnapshotCodec() {}

  public static byte[] encode(Snapshot snapshot) {
    GoJson out = new GoJson(JSON_BYTES);
    out.beginObject();
    out.name("time").time(snapshot.time());
    unlessNull(out, "parent", snapshot.parent());
    out.name("tree").hash(snapshot.tree().hash());
    out.name("paths").strings(snapshot.paths());
    unlessEmpty(out, "hostname", snapshot.hostname());
    unlessEmpty(out, "username", snapshot.username());
    unlessZero(out, "uid", snapshot.uid());
    unlessZero(out, "gid", snapshot.gid());
    unlessEmpty(out, "excludes", snapshot.excludes());
    unlessEmpty(out, "tags", snapshot.tags());
    unlessNull(out, "original", snapshot.original());
    unlessEmpty(out, "program_version", snapshot.programVersion());
    SnapshotSummary summary = snapshot.summary();
    if (summary != null) {
      out.name("summary");
      SummaryCodec.write(summary, out);
    }
    return out.endObject().toBytes();
  }

  /// Members that are unknown are dropped, as restic does.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no snapshot file
  public static Snapshot decode(byte[] json) {
    return JsonReader.read(json, "snapshot", SnapshotReader::read);
  }

  private static void unlessNull(GoJson out, String name, @Nullable SnapshotId id) {
    if (id != null) {
      out.name(name).hash(id.hash());
    }
  }

  private static void unlessEmpty(GoJson out, String name, String value) {
    if (!value.isEmpty()) {
      out.name(name).string(value);
    }
  }

  private static void unlessEmpty(GoJson out, String name, List<String> values) {
    if (!values.isEmpty()) {
      out.name(name).strings(values);
    }
  }

  private static void unlessZero(GoJson out, String name, long value) {
    if (value != 0) {
      out.name(name).number(value);
    }
  }
}
