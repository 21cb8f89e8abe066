package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of any bytes under locales that cannot express them, checked against the shell's view.
class RawNamesTest {
  /// Not UTF-8; half a sequence and a bracket; "ä"; an encoded surrogate; a control character, a
  /// quote and a backslash.
  private static final List<String> NAMES =
      List.of("ff", "c328", "c3a4", "eda080", "0a22275c01", "efbfbd", "f09f9880");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void namesThatHoldfastWritesAreThoseThatTheShellSees(String locale) throws Exception {
    String[] arguments = new String[NAMES.size() + 2];
    arguments[0] = "make";
    arguments[1] = directory.toString();
    for (int i = 0; i < NAMES.size(); i++) {
      arguments[i + 2] = NAMES.get(i);
    }
    try (ChildJvm child = ChildJvm.startWithLocale(locale, RawNamesProgram.class, arguments)) {
      assertThat(child.readAllLines()).containsExactly("done");
      assertThat(child.waitFor()).isZero();
    }
    assertThat(namesByShell()).containsExactlyInAnyOrderElementsOf(NAMES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void namesThatTheShellWroteAreListedAndFoundByteForByte(String locale) throws Exception {
    shell("for n in '\\377' '\\303(' '\\303\\244'; do echo 12 > \"$(printf \"$n\")\"; done");
    try (ChildJvm child =
        ChildJvm.startWithLocale(locale, RawNamesProgram.class, "list", directory.toString())) {
      assertThat(child.readAllLines())
          .containsExactlyInAnyOrder("ff 3", "c328 3", "c3a4 3", "done");
    }
  }

  private List<String> namesByShell() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (byte b : shell("find . -mindepth 1 -printf '%f\\0'")) {
      if (b == 0) {
        names.add(HexFormat.of().formatHex(name.toByteArray()));
        name.reset();
      } else {
        name.write(b);
      }
    }
    return names;
  }

  private byte[] shell(String command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
