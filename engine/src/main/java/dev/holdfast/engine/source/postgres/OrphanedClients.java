package dev.holdfast.engine.source.postgres;

import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Client programs that outlived the process which started them for a recovery: `SIGKILL` of that
/// one leaves them at work. They are known by a variable in their environment, which a program
/// hands on to those that it forks.
public final class OrphanedClients {
  private static final String MARK = "HOLDFAST_CLIENT_OF";

  private OrphanedClients() {}

  /// An environment for client programs of a recovery that this process carries out.
  public static Map<String, String> marked(Map<String, String> environment, String recovery) {
    Map<String, String> marked = new HashMap<>(environment);
    marked.put(MARK, ofRecovery(recovery) + Posix.getpid());
    return marked;
  }

  private static String ofRecovery(String recovery) {
    return recovery + " ";
  }

  /// Ends those of a recovery that other processes started, and returns when they are gone. The
  /// caller makes sure that no other process carries it out.
  ///
  /// @throws HoldfastException.Locked if one does not end
  public static void end(String recovery) {
    Leaving.await(
        () -> {
          List<ProcessHandle> left = left(recovery);
          left.forEach(ProcessHandle::destroyForcibly);
          return left;
        },
        client ->
            new HoldfastException.Locked(
                "process %d, which an earlier run of this recovery started, does not end"
                    .formatted(client.pid()),
                "end it by hand"),
        "programs of an earlier run ended");
  }

  private static List<ProcessHandle> left(String recovery) {
    String beginning = MARK + "=" + ofRecovery(recovery);
    String own = beginning + Posix.getpid();
    return ProcessHandle.allProcesses()
        .filter(process -> {
          List<String> variables = environment(process.pid());
          return variables.stream().anyMatch(each -> each.startsWith(beginning))
              && !variables.contains(own);
        })
        .toList();
  }

  /// Empty for a process of somebody else, and for one that has ended and is not waited for.
  private static List<String> environment(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
      return List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }
}
