package dev.holdfast.repository.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LinuxProcessesTest {
  private final LinuxProcesses processes = new LinuxProcesses();

  @Test
  void thisProcessIsAliveAndHasAPlaceAndAStart() {
    long self = ProcessHandle.current().pid();

    assertThat(processes.isAlive(self)).isTrue();
    assertThat(processes.start(self)).isPresent().isEqualTo(processes.start(self));
    assertThat(processes.place()).isPresent().isEqualTo(new LinuxProcesses().place());
  }

  @Test
  void aProcessThatEndedIsNotAlive() throws Exception {
    Process child = new ProcessBuilder("sleep", "100").start();
    assertThat(processes.isAlive(child.pid())).isTrue();
    assertThat(processes.start(child.pid()))
        .isPresent()
        .isNotEqualTo(processes.start(ProcessHandle.current().pid()));

    child.destroyForcibly().waitFor();

    assertThat(processes.isAlive(child.pid())).isFalse();
    assertThat(processes.start(child.pid())).isEmpty();
  }

  @Test
  void aZombieIsNotAlive() throws Exception {
    // The shell starts a child, becomes a program that never asks for it, and names it.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 100 & echo $!; exec sleep 100").start();
    try {
      long child = Long.parseLong(parent.inputReader().readLine());
      assertThat(processes.isAlive(child)).isTrue();
      Path name = Path.of("/proc/" + parent.pid() + "/comm");
      while (!Files.readString(name).equals("sleep\n")) { // as long as it is a shell, it may ask
        assertThat(parent.isAlive()).isTrue();
      }
      ProcessHandle.of(child).orElseThrow().destroyForcibly();
      while (processes.isAlive(child)) {
        Thread.onSpinWait();
      }
      assertThat(Path.of("/proc/" + child)).exists();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void theHolderIsNamedAsTheKernelNamesIt() throws Exception {
    Holder holder = LinuxProcesses.holder();
    Process uname = new ProcessBuilder("uname", "-n").start();

    assertThat(holder.hostname()).isEqualTo(uname.inputReader().readLine());
    assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
    Process id = new ProcessBuilder("id", "-u").start();
    assertThat(holder.uid()).isEqualTo(Long.parseLong(id.inputReader().readLine()));
  }
}
