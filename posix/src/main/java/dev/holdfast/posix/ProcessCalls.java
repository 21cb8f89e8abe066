package dev.holdfast.posix;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Calls on this process and on others, and the names of users and groups.
final class ProcessCalls {
  private static final Native GETUID = Native.returningInt("getuid");
  private static final Native GETEUID = Native.returningInt("geteuid");
  private static final Native GETGID = Native.returningInt("getgid");
  private static final Native GETPID = Native.returningInt("getpid");
  private static final Native EXIT = Native.returningInt("_exit");
  private static final Native KILL = Native.returningInt("kill");
  private static final Native SIGNAL = Native.returningLong("signal");
  private static final Native GETRLIMIT = Native.returningInt("getrlimit");
  private static final Native GETPWUID = Native.returningInt("getpwuid_r");
  private static final Native GETGRGID = Native.returningInt("getgrgid_r");

  private static final int SIGHUP = 1;
  private static final long SIG_IGN = 1;
  private static final int RLIMIT_NOFILE = 7;

  /// Beyond this many owners the name is asked again each time: a bound, never reached by people.
  private static final int MAX_CACHED_NAMES = 65_536;

  private static final Map<Long, String> USERS = new ConcurrentHashMap<>();
  private static final Map<Long, String> GROUPS = new ConcurrentHashMap<>();

  /// In the struct area: the pointer to the result, then `struct passwd` or `struct group`, both of
  /// which begin with the pointer to the name.
  private static final int ENTRY_AT = 8;

  private ProcessCalls() {}

  static long getuid() {
    return unsigned(GETUID);
  }

  static long geteuid() {
    return unsigned(GETEUID);
  }

  static long getgid() {
    return unsigned(GETGID);
  }

  static long getpid() {
    return unsigned(GETPID);
  }

  static void exit(int status) {
    try (Scratch scratch = Scratch.borrow()) {
      EXIT.callOnce(scratch, status, 0, 0, 0, 0, 0);
    }
  }

  private static long unsigned(Native function) {
    try (Scratch scratch = Scratch.borrow()) {
      return Integer.toUnsignedLong((int) function.callOnce(scratch, 0, 0, 0, 0, 0, 0));
    }
  }

  static long openFilesMax() throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      GETRLIMIT.check(
          GETRLIMIT.call(scratch, RLIMIT_NOFILE, scratch.struct()), scratch, "RLIMIT_NOFILE");
      long soft = scratch.structLong(0);
      // RLIM_INFINITY has all bits set.
      return soft < 0 ? Long.MAX_VALUE : soft;
    }
  }

  static boolean isAlive(long pid) {
    if (pid <= 0 || pid > Integer.MAX_VALUE) {
      // Zero and negative numbers name groups of processes.
      return false;
    }
    try (Scratch scratch = Scratch.borrow()) {
      return KILL.call(scratch, pid, 0) == 0 || scratch.errno() == Errno.EPERM;
    }
  }

  static void ignoreHangup() throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      SIGNAL.check(SIGNAL.call(scratch, SIGHUP, SIG_IGN), scratch, "SIGHUP");
    }
  }

  static String userName(long uid) {
    return name(GETPWUID, USERS, uid);
  }

  static String groupName(long gid) {
    return name(GETGRGID, GROUPS, gid);
  }

  private static String name(Native function, Map<Long, String> cache, long id) {
    String known = cache.get(id);
    if (known != null) {
      return known;
    }
    String name = lookUp(function, id);
    if (cache.size() < MAX_CACHED_NAMES) {
      cache.put(id, name);
    }
    return name;
  }

  private static String lookUp(Native function, long id) {
    try (Scratch scratch = Scratch.borrow()) {
      scratch.putStructLong(0, 0);
      long entry = scratch.struct() + ENTRY_AT;
      long error =
          function.call(scratch, id, entry, scratch.data(), Scratch.DATA_BYTES, scratch.struct());
      boolean found = error == 0 && scratch.structLong(0) != 0;
      return found ? OsString.decode(scratch.dataString(scratch.structLong(ENTRY_AT))) : "";
    }
  }
}
