package dev.holdfast.repository.lock;

import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Processes as `/proc` shows them (proc(5)).
public final class LinuxProcesses implements Processes {
  private static final Path PROC = Path.of("/proc");

  /// Where `state` and `starttime` stand in `/proc/<pid>/stat`, counted after the command's name.
  private static final int STATE_FIELD = 0;

  private static final int START_TIME_FIELD = 19;

  /// This process, as its locks name it.
  public static Holder holder() {
    return new Holder(
        hostname(),
        System.getProperty("user.name", ""),
        ProcessHandle.current().pid(),
        selfAttribute("unix:uid"),
        selfAttribute("unix:gid"));
  }

  @Override
  public boolean isAlive(long pid) {
    return stat(pid)
        .map(fields -> !fields[STATE_FIELD].equals("Z") && !fields[STATE_FIELD].equals("X"))
        .orElseGet(() -> Posix.isAlive(pid)); // /proc may hide the processes of other users
  }

  @Override
  public Optional<String> place() {
    try {
      String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
      String namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
      return Optional.of(boot + " " + namespace);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> start(long pid) {
    return stat(pid).map(fields -> fields[START_TIME_FIELD]);
  }

  @Override
  public void ignoreHangup() {
    try {
      Posix.ignoreHangup();
    } catch (PosixException e) {
      throw new IllegalStateException("SIGHUP can always be ignored", e);
    }
  }

  /// The fields after the command's name, which is in parentheses and may itself hold any
  /// character.
  private static Optional<String[]> stat(long pid) {
    try {
      String line = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
      return fields.length > START_TIME_FIELD ? Optional.of(fields) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String hostname() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static long selfAttribute(String name) {
    try {
      return Files.getAttribute(PROC.resolve("self"), name) instanceof Integer id
          ? Integer.toUnsignedLong(id)
          : 0;
    } catch (IOException | UnsupportedOperationException e) {
      return 0;
    }
  }
}
