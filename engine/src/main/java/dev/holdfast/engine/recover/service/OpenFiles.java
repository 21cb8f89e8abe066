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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Who has which files open, as `/proc` shows it (proc(5)): one look at all processes, for any
/// number of questions. Processes of other users are seen by root alone; everybody else relies on
/// the locks that the engine looks for. Thread-safe.
public final class OpenFiles {
  private static final Path PROC = Path.of("/proc");
  private static final int ACCESS_MODE = 3;
  private static final int OCTAL = 8;
  private static final long ITSELF = ProcessHandle.current().pid();

  private final Map<Inode, List<Descriptor>> byFile = new HashMap<>();

  private OpenFiles() {}

  /// What is open at this moment, but for what this process has open itself.
  public static OpenFiles now() {
    OpenFiles open = new OpenFiles();
    for (Path process : list(PROC)) {
      pid(process).filter(pid -> pid != ITSELF).ifPresent(pid -> open.add(pid, process));
    }
    return open;
  }

  private void add(long pid, Path process) {
    for (Path entry : list(process.resolve("fd"))) {
      try {
        String target = Files.readSymbolicLink(entry).toString();
        if (target.startsWith("/")) {
          Inode inode = Inode.of(Posix.stat(entry.toString()));
          byFile
              .computeIfAbsent(inode, _ -> new ArrayList<>())
              .add(new Descriptor(pid, entry, target));
        }
      } catch (IOException e) {
        // It was closed.
      }
    }
  }

  /// The processes that have the file at `path` open, under whatever name.
  public List<Occupant> ofFile(String path) {
    return occupants(path, of(path));
  }

  /// The processes that may write to the file at `path`.
  public List<Occupant> writersOf(String path) {
    return occupants(path, of(path).filter(Descriptor::mayWrite));
  }

  /// The processes that may write to a file in the folder at `path`.
  public List<Occupant> writersIn(String path) {
    String inside = path + "/";
    return occupants(
        path,
        byFile.values().stream()
            .flatMap(List::stream)
            .filter(descriptor -> descriptor.target.startsWith(inside) && descriptor.mayWrite()));
  }

  private Stream<Descriptor> of(String path) {
    try {
      return byFile.getOrDefault(Inode.of(Posix.lstat(path)), List.of()).stream();
    } catch (PosixException e) {
      return Stream.empty();
    }
  }

  private static List<Occupant> occupants(String path, Stream<Descriptor> descriptors) {
    return descriptors
        .map(Descriptor::pid)
        .distinct()
        .map(pid -> new Occupant(pid, program(pid), path))
        .toList();
  }

  private record Inode(long device, long number) {
    static Inode of(FileStat file) {
      return new Inode(file.deviceId(), file.inode());
    }
  }

  /// An open file of a process.
  ///
  /// @param entry in `/proc/PID/fd`
  /// @param target what that entry says it stands for
  private record Descriptor(long pid, Path entry, String target) {
    boolean mayWrite() {
      try {
        Path info = PROC.resolve(Long.toString(pid)).resolve("fdinfo").resolve(entry.getFileName());
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
