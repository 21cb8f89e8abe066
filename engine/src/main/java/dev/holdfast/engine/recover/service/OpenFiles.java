package dev.holdfast.engine.recover.service;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who has which files open, as `/proc` shows it (proc(5)). Processes of other users are seen by
/// root alone; everybody else relies on the locks that the engine looks for.
public final class OpenFiles {
  private static final Path PROC = Path.of("/proc");
  private static final int ACCESS_MODE = 3;
  private static final int OCTAL = 8;
  private static final long ITSELF = ProcessHandle.current().pid();

  private OpenFiles() {}

  /// The processes that have the file at `path` open, under whatever name.
  public static List<Occupant> ofFile(String path) {
    FileStat file;
    try {
      file = Posix.lstat(path);
    } catch (PosixException e) {
      return List.of();
    }
    return search((descriptor, _) -> isSame(descriptor, file), path);
  }

  /// The processes that may write to the file at `path`.
  public static List<Occupant> writersOf(String path) {
    FileStat file;
    try {
      file = Posix.lstat(path);
    } catch (PosixException e) {
      return List.of();
    }
    return search((descriptor, _) -> isSame(descriptor, file) && mayWrite(descriptor), path);
  }

  private static boolean isSame(Path descriptor, FileStat file) {
    try {
      return Posix.stat(descriptor.toString()).isSameFile(file);
    } catch (PosixException e) {
      return false;
    }
  }

  /// The processes that may write to a file in the folder at `path`.
  public static List<Occupant> writersIn(String path) {
    String inside = path + "/";
    return search((descriptor, target) -> target.startsWith(inside) && mayWrite(descriptor), path);
  }

  private static boolean mayWrite(Path descriptor) {
    try {
      Path info =
          PROC.resolve(descriptor.getName(1)).resolve("fdinfo").resolve(descriptor.getFileName());
      for (String line : Files.readAllLines(info, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("flags:")) {
          long flags = Long.parseLong(line.substring("flags:".length()).strip(), OCTAL);
          return (flags & ACCESS_MODE) != 0;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // It was closed, or its process ended.
    }
    return false;
  }

  /// Judges a descriptor by its entry in `/proc` and what that entry says it stands for.
  private interface Judge {
    boolean holds(Path descriptor, String target);
  }

  private static List<Occupant> search(Judge judge, String path) {
    List<Occupant> found = new ArrayList<>();
    for (Path process : list(PROC)) {
      Optional<Long> pid = pid(process);
      if (pid.isPresent() && pid.get() != ITSELF && holds(process, judge)) {
        found.add(new Occupant(pid.get(), program(pid.get()), path));
      }
    }
    return found;
  }

  private static boolean holds(Path process, Judge judge) {
    for (Path descriptor : list(process.resolve("fd"))) {
      try {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith("/") && judge.holds(descriptor, target)) {
          return true;
        }
      } catch (IOException e) {
        // It was closed.
      }
    }
    return false;
  }

  private static Optional<Long> pid(Path process) {
    String name = String.valueOf(process.getFileName());
    return name.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Optional.of(Long.valueOf(name))
        : Optional.empty();
  }

  /// The name of a process's program; empty if it has ended or may not be seen.
  public static String program(long pid) {
    try {
      return Files.readString(
              PROC.resolve(Long.toString(pid)).resolve("comm"), StandardCharsets.ISO_8859_1)
          .strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static List<Path> list(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return entries; // of another user, or ended
    }
    return entries;
  }
}
