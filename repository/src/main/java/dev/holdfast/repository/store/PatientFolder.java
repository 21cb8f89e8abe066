package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Does for a [DistantFolder] what [RetryingStore] and [LimitedStore] do for a store: tries again
/// what fails for a time, and moves no more bytes a second than was asked for. As thread-safe as
/// the folder, which it closes.
public final class PatientFolder implements DistantFolder {
  private final DistantFolder folder;
  private final Retries retries;
  private final Optional<TransferRate> up;
  private final Optional<TransferRate> down;

  /// @param up of what is sent; empty: not limited
  /// @param down of what is fetched; empty: not limited
  public PatientFolder(
      DistantFolder folder,
      Retries retries,
      Optional<TransferRate> up,
      Optional<TransferRate> down) {
    this.folder = folder;
    this.retries = retries;
    this.up = up;
    this.down = down;
  }

  @Override
  public String location() {
    return folder.location();
  }

  @Override
  public void put(String name, Path file) {
    String doing = "write " + name;
    up.ifPresent(rate -> rate.await(doing, lengthOf(file)));
    retries.run(doing, () -> folder.put(name, file));
  }

  @Override
  public void get(String name, Path file) {
    String doing = "read " + name;
    retries.run(doing, () -> folder.get(name, file));
    down.ifPresent(rate -> rate.await(doing, lengthOf(file)));
  }

  private static long lengthOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new InputOutput("'" + file + "' cannot be read: " + e.getMessage(), "", e);
    }
  }

  /// Lists into memory first: a second attempt must not show files twice.
  @Override
  public void list(String prefix, Consumer<Entry> each) {
    List<Entry> found =
        retries.get(
            "list " + prefix,
            () -> {
              List<Entry> entries = new ArrayList<>();
              folder.list(prefix, entries::add);
              return entries;
            });
    found.forEach(each);
  }

  @Override
  public void delete(String name) {
    retries.run("delete " + name, () -> folder.delete(name));
  }

  @Override
  public void close() {
    folder.close();
  }
}
