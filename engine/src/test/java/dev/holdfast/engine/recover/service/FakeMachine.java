package dev.holdfast.engine.recover.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// A folder with programs named `systemctl` and `docker` that answer as systemctl(1) and Docker's
/// command line reference say, and whose units and containers are files that hold their states.
/// Besides, a unit or container with a file `NAME.stubborn` never stops, one with `NAME.broken`
/// cannot be started.
public final class FakeMachine {
  private static final String SYSTEMCTL =
      """
      #!/bin/sh
      cd "$(dirname "$0")/../units" || exit 1
      echo "systemctl $*" >> ../asked
      [ ! -e ../no-bus ] || {
        echo "System has not been booted with systemd as init system (PID 1). Can't operate." >&2
        exit 1
      }
      for word; do last=$word; done
      case " $* " in
      *" show "*)
        if [ -e "$last" ]; then
          echo LoadState=loaded
          echo "ActiveState=$(cat "$last")"
        else
          echo LoadState=not-found
          echo ActiveState=inactive
        fi ;;
      *" stop "*)
        [ -e "$last" ] || { echo "Failed to stop $last: Unit $last not loaded." >&2; exit 5; }
        [ ! -e "$last.stubborn" ] || exec sleep 600
        echo inactive > "$last" ;;
      *" reset-failed "*) rm -f "$last.limit" ;;
      *" start "*)
        [ ! -e "$last.limit" ] || {
          echo "Job for $last failed: start request repeated too quickly." >&2
          exit 1
        }
        [ ! -e "$last.broken" ] || { echo failed > "$last"; echo "Job for $last failed." >&2; exit 1; }
        echo active > "$last" ;;
      esac
      """;

  private static final String DOCKER =
      """
      #!/bin/sh
      cd "$(dirname "$0")/../containers" || exit 1
      echo "docker $*" >> ../asked
      for word; do last=$word; done
      unknown() { echo "Error response from daemon: No such container: $last" >&2; exit 1; }
      case " $* " in
      *" compose "*" ps "*)
        shift 4
        echo "time=now level=warning msg=obsolete" >&2
        for file in *; do
          case " $* " in *" $file "*) [ "$(cat "$file")" != running ] || echo "$file" ;; esac
        done ;;
      *" compose "*" stop "*) shift 4; for name; do echo exited > "$name"; done ;;
      *" compose "*" start "*) shift 4; for name; do echo running > "$name"; done ;;
      *" container inspect "*)
        [ -e "$last" ] || unknown
        if [ -e "$last.rm" ]; then echo "$(cat "$last") true"; else echo "$(cat "$last") false"; fi ;;
      *" stop "*)
        [ -e "$last" ] || unknown
        [ ! -e "$last.stubborn" ] || exec sleep 600
        echo exited > "$last"; echo "$last" ;;
      *" start "*)
        [ -e "$last" ] || unknown
        [ ! -e "$last.broken" ] || { echo "Error: failed to start containers: $last" >&2; exit 1; }
        echo running > "$last"; echo "$last" ;;
      esac
      """;

  private final Path folder;

  public FakeMachine(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("units"));
    Files.createDirectories(folder.resolve("containers"));
    Files.writeString(folder.resolve("asked"), "");
    program("systemctl", SYSTEMCTL);
    program("docker", DOCKER);
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("bin").resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  public void unit(String name, String state) throws IOException {
    Files.writeString(folder.resolve("units").resolve(name), state + "\n");
  }

  public String unit(String name) throws IOException {
    return Files.readString(folder.resolve("units").resolve(name)).strip();
  }

  public void container(String name, String state) throws IOException {
    Files.writeString(folder.resolve("containers").resolve(name), state + "\n");
  }

  public String container(String name) throws IOException {
    return Files.readString(folder.resolve("containers").resolve(name)).strip();
  }

  /// Makes a unit or container behave badly, or not any more.
  public void trait(String name, boolean there) throws IOException {
    for (String place : List.of("units", "containers")) {
      Path file = folder.resolve(place).resolve(name);
      if (there) {
        Files.writeString(file, "");
      } else {
        Files.deleteIfExists(file);
      }
    }
  }

  public void withoutBus() throws IOException {
    Files.writeString(folder.resolve("no-bus"), "");
  }

  /// The verbs of all commands that change anything, each with what it was about.
  public List<String> changes() throws IOException {
    return Files.readAllLines(folder.resolve("asked"), StandardCharsets.UTF_8).stream()
        .filter(line -> line.matches(".* (stop|start|reset-failed) .*"))
        .map(line -> line.replaceAll(".* (stop|start|reset-failed) (-t \\d+ )?(-- )?", "$1 "))
        .toList();
  }

  public List<String> asked() throws IOException {
    return Files.readAllLines(folder.resolve("asked"), StandardCharsets.UTF_8);
  }

  public Outside outside() {
    return new Outside(
        Map.of("PATH", folder.resolve("bin") + ":/usr/bin:/bin"),
        (what, _) -> {
          throw new AssertionError(what);
        });
  }
}
