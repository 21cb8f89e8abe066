package dev.holdfast.engine.config.recovery;

import java.util.List;
import java.util.Optional;

/// Something that uses the data and has to let go of it while it is replaced.
public sealed interface Service {
  Limits limits();

  /// The same with other limits.
  Service withLimits(Limits other);

  /// A unit of systemd.
  record Systemd(String unit, Limits limits) implements Service {
    @Override
    public Service withLimits(Limits other) {
      return new Systemd(unit, other);
    }
  }

  /// A container of Docker.
  record Container(String name, Limits limits) implements Service {
    @Override
    public Service withLimits(Limits other) {
      return new Container(name, other);
    }
  }

  /// Services of a project of Docker Compose.
  ///
  /// @param project its name; empty: as the file says
  /// @param file its file, absolute; empty: the project is found by its name
  /// @param services empty: all that the project has
  record Compose(
      Optional<String> project, Optional<String> file, List<String> services, Limits limits)
      implements Service {
    public Compose {
      services = List.copyOf(services);
      if (project.isEmpty() && file.isEmpty()) {
        throw new IllegalArgumentException("a project needs a name or a file");
      }
    }

    @Override
    public Service withLimits(Limits other) {
      return new Compose(project, file, services, other);
    }
  }

  /// Whatever commands of a person's own control. Every command is words that the system executes
  /// as they are.
  ///
  /// @param stop ends when the service has stopped, or has been told to
  /// @param start ends when the service has been started
  /// @param status ends with 0 exactly if the service runs; empty: it is taken to run
  record Commands(List<String> stop, List<String> start, List<String> status, Limits limits)
      implements Service {
    public Commands {
      stop = List.copyOf(stop);
      start = List.copyOf(start);
      status = List.copyOf(status);
      if (stop.isEmpty() || start.isEmpty()) {
        throw new IllegalArgumentException("a service that can be stopped must be startable");
      }
    }

    @Override
    public Service withLimits(Limits other) {
      return new Commands(stop, start, status, other);
    }
  }

  /// A switch that makes an application let go of its data while it goes on running.
  ///
  /// @param on switches maintenance on: the data is free
  /// @param off switches it off: the application is in use again
  /// @param isOn is answered as expected exactly if maintenance is on; empty: an application that
  ///   can be reached is taken to be in use
  record Maintenance(HttpCall on, HttpCall off, Optional<HttpCall> isOn, Limits limits)
      implements Service {
    @Override
    public Service withLimits(Limits other) {
      return new Maintenance(on, off, isOn, other);
    }
  }

  /// What it is, for messages; without arguments, which may hold secrets.
  default String describe() {
    return switch (this) {
      case Systemd systemd -> "the unit " + systemd.unit();
      case Container container -> "the container " + container.name();
      case Compose compose -> "the project " + compose.project().or(compose::file).orElseThrow();
      case Commands _ -> "the service";
      case Maintenance maintenance -> "the maintenance switch of " + maintenance.on().place();
    };
  }
}
