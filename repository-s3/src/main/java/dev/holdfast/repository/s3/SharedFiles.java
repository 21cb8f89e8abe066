package dev.holdfast.repository.s3;

import dev.holdfast.posix.Home;
import dev.holdfast.repository.store.Connecting;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.profiles.ProfileFile;

/// The shared configuration of the tools of AWS: `~/.aws/credentials` and `~/.aws/config`, or what
/// the environment names instead.
final class SharedFiles {
  private SharedFiles() {}

  static ProfileFile of(Connecting connecting) {
    ProfileFile.Aggregator files = ProfileFile.aggregator();
    add(files, connecting, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
    add(files, connecting, "AWS_CONFIG_FILE", "config");
    return files.build();
  }

  private static void add(
      ProfileFile.Aggregator files, Connecting connecting, String variable, String name) {
    String home = Home.of(connecting.variable("HOME").orElse(null));
    Path file =
        connecting.variable(variable).map(Path::of).orElse(Path.of(home, ".aws").resolve(name));
    if (Files.isReadable(file)) {
      files.addFile(
          ProfileFile.builder()
              .content(file)
              .type(
                  name.equals("config")
                      ? ProfileFile.Type.CONFIGURATION
                      : ProfileFile.Type.CREDENTIALS)
              .build());
    }
  }
}
