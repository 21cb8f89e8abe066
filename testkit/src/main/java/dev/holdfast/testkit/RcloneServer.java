package dev.holdfast.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real server of restic's REST protocol, `rclone serve restic`, on a port of the loopback
/// interface that was free. Ends when it is closed.
public final class RcloneServer implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("Serving restic REST API on \\[?(http\\S+/)");

  private final Process process;
  private final String address;

  private RcloneServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /// Serves a folder, or another place that rclone knows, once it answers.
  ///
  /// @param served such as a path, or `:memory:bucket`
  /// @param options more of rclone's, such as `--append-only`
  public static RcloneServer start(String served, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("rclone", "serve", "restic", "--addr", "127.0.0.1:0"));
    command.addAll(List.of(options));
    command.add(served);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher matcher = ADDRESS.matcher(line);
      if (matcher.find()) {
        // Whatever it says later must not fill the pipe.
        Thread.ofPlatform().daemon().start(() -> output.lines().forEach(ignored -> {}));
        return new RcloneServer(process, matcher.group(1).replace("]", ""));
      }
    }
    throw new AssertionError("rclone did not start: " + said);
  }

  /// The URL of the served folder, ending with a slash.
  public String address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
