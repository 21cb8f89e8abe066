package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.posix.OsString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where something is mounted, bind mounts included (proc_pid_mountinfo(5)). Their names cannot
/// change.
public final class MountPoints {
  private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");
  private static final int POINT_FIELD = 4;
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
  private static final int OCTAL = 8;

  private final List<String> points;

  private MountPoints(List<String> points) {
    this.points = points;
  }

  /// Those that this process sees; none if the system does not say.
  public static MountPoints now() {
    List<String> points = new ArrayList<>();
    try {
      String text = OsString.decode(Files.readAllBytes(MOUNT_INFO));
      for (String line : text.split("\n", -1)) {
        String[] fields = line.split(" ", -1);
        if (fields.length > POINT_FIELD) {
          points.add(unescape(fields[POINT_FIELD]));
        }
      }
    } catch (IOException e) {
      return new MountPoints(List.of()); // a change of names will then say so itself
    }
    return new MountPoints(points);
  }

  private static String unescape(String field) {
    Matcher matcher = ESCAPE.matcher(field);
    return matcher.replaceAll(match ->
        Matcher.quoteReplacement(
            Character.toString((char) Integer.parseInt(match.group(1), OCTAL))));
  }

  /// Whether something is mounted at `path`.
  public boolean isOne(String path) {
    return points.contains(path);
  }

  /// A mount point in the folder `path`, if there is any.
  public Optional<String> inside(String path) {
    return points.stream()
        .filter(point -> !point.equals(path) && Paths.isWithin(path, point))
        .findFirst();
  }
}
