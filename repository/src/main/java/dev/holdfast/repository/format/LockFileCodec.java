package dev.holdfast.repository.format;

import java.time.OffsetDateTime;

/// Lock file to bytes and back (format sheet, section 10).
public final class LockFileCodec {
  private static final int JSON_BYTES = 256;

  private LockFileCodec() {}

  public static byte[] encode(LockFile lock) {
    GoJson out = new GoJson(JSON_BYTES);
    out.beginObject();
    out.name("time").time(lock.time());
    out.name("exclusive").bool(lock.exclusive());
    out.name("hostname").string(lock.hostname());
    out.name("username").string(lock.username());
    out.name("pid").number(lock.pid());
    if (lock.uid() != 0) {
      out.name("uid").number(lock.uid());
    }
    if (lock.gid() != 0) {
      out.name("gid").number(lock.gid());
    }
    return out.endObject().toBytes();
  }

  /// Reads a lock file.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no lock file
  public static LockFile decode(byte[] json) {
    return JsonReader.read(json, "lock file", reader -> new Reading(reader).run());
  }

  private static final class Reading {
    private final JsonReader json;
    private OffsetDateTime time = GoTime.ZERO;
    private boolean exclusive;
    private String hostname = "";
    private String username = "";
    private long pid;
    private long uid;
    private long gid;

    Reading(JsonReader json) {
      this.json = json;
    }

    LockFile run() {
      json.object(this::member);
      return new LockFile(time, exclusive, hostname, username, pid, uid, gid);
    }

    private void member(String name) {
      switch (name) {
        case "time" -> time = json.time();
        case "exclusive" -> exclusive = json.bool();
        case "hostname" -> hostname = json.string();
        case "username" -> username = json.string();
        case "pid" -> pid = json.number(Long.MAX_VALUE);
        case "uid" -> uid = json.number(JsonReader.MAX_UNSIGNED_32);
        case "gid" -> gid = json.number(JsonReader.MAX_UNSIGNED_32);
        default -> json.skip();
      }
    }
  }
}
