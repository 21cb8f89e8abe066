package dev.holdfast.repository.store.sftp;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.SftpAddress;
import dev.holdfast.repository.store.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A repository in a folder of a machine that is reached by SSH, in the layout of one on a disk.
/// Thread-safe: all calls share one connection, which is made anew when it broke.
///
/// Objects are written under another name, brought to the disk and renamed; to bring the folder's
/// entry to the disk as well is nothing that the protocol can ask for.
public final class SftpStore implements ObjectStore {
  private static final String TEMPORARY = "-restic-temp-";
  private static final int NONCE_BYTES = 16;
  private static final int FOLDERS_OF_PACKS = 256;

  private final SftpAddress address;
  private final List<String> command;
  private final int connections;
  private final Duration stuckAfter;
  private final SecureRandom random;
  private @Nullable SftpSession session;
  private boolean everConnected;

  /// @param command the program that connects, with its arguments: [SftpAddress#sshCommand] or
  ///   another one
  /// @param connections how many calls at once keep the connection busy
  /// @param stuckAfter the connection has failed when nothing came for so long
  public SftpStore(
      SftpAddress address,
      List<String> command,
      int connections,
      Duration stuckAfter,
      SecureRandom random) {
    this.address = address;
    this.command = List.copyOf(command);
    this.connections = connections;
    this.stuckAfter = stuckAfter;
    this.random = random;
  }

  /// What is done with a session.
  private interface Call<T> {
    T on(SftpSession session) throws IOException, InterruptedException;
  }

  @Override
  public String location() {
    return address.toString();
  }

  @Override
  public int connections() {
    return connections;
  }

  @Override
  public void create() {
    String doing = "create the folders of the repository";
    run(
        doing,
        files -> {
          makeDirectories(files, address.folder());
          List<String> folders = new ArrayList<>();
          for (ObjectType type : ObjectType.values()) {
            if (type != ObjectType.CONFIG && type != ObjectType.RECORD) {
              folders.add(path(type.folder()));
            }
          }
          files.makeDirectories(folders);
          files.makeDirectories(
              IntStream.range(0, FOLDERS_OF_PACKS)
                  .mapToObj(i -> path("%s/%02x".formatted(ObjectType.PACK.folder(), i)))
                  .toList());
          return true;
        });
  }

  private String path(String below) {
    String folder = address.folder();
    return folder.endsWith("/") ? folder + below : folder + "/" + below;
  }

  private String path(ObjectKey key) {
    return path(key.path());
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
  }

  private static void makeDirectories(SftpSession files, String path)
      throws IOException, InterruptedException {
    if (!files.isDirectory(path)) {
      makeDirectories(files, parent(path));
      files.makeDirectories(List.of(path));
    }
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    run(
        "write " + key,
        files -> {
          byte[] nonce = new byte[NONCE_BYTES];
          random.nextBytes(nonce);
          String temporary = path(key) + TEMPORARY + HexFormat.of().formatHex(nonce);
          boolean published = false;
          try {
            writeNew(files, temporary, content);
            files.rename(temporary, path(key));
            published = true;
          } finally {
            if (!published) {
              removeQuietly(files, temporary);
            }
          }
          return true;
        });
  }

  /// Writes a file, and the folder it is in if that is missing.
  private static void writeNew(SftpSession files, String path, ByteBuffer content)
      throws IOException, InterruptedException {
    try {
      files.write(path, content);
    } catch (SftpException e) {
      if (e.code() != SftpException.NO_SUCH_FILE) {
        throw e;
      }
      makeDirectories(files, parent(path));
      files.write(path, content);
    }
  }

  /// What is left under a temporary name is seen by nobody.
  private static void removeQuietly(SftpSession files, String path) {
    boolean interrupted = Thread.interrupted();
    try {
      files.remove(path);
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public byte[] get(ObjectKey key) {
    long length = length(key);
    if (length > MAX_GET_BYTES) {
      throw StoreFailure.tooLong(key, length);
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    read(key, 0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    StoreFailure.requireOffset(offset);
    int wanted = target.remaining();
    int got =
        wanted == 0 || offset > Long.MAX_VALUE - wanted
            ? 0
            : found(key, ifThere("read " + key, files -> files.read(path(key), offset, target)));
    if (got < wanted || wanted == 0) {
      long length = length(key);
      if (offset > length - wanted) {
        throw StoreFailure.tooShort(key, length, offset, wanted);
      }
      if (got < wanted) {
        throw new Transient("the server sent less of " + key + " than it was asked for", null);
      }
    }
  }

  private int found(ObjectKey key, Optional<Integer> result) {
    return result.orElseThrow(() -> StoreFailure.missing(key, location()));
  }

  @Override
  public long length(ObjectKey key) {
    return lengthIfThere(key).orElseThrow(() -> StoreFailure.missing(key, location()));
  }

  @Override
  public boolean exists(ObjectKey key) {
    return lengthIfThere(key).isPresent();
  }

  private OptionalLong lengthIfThere(ObjectKey key) {
    Optional<Attributes> found = ifThere("look up " + key, files -> files.stat(path(key)));
    return found.isPresent() && found.get().isRegular()
        ? OptionalLong.of(found.get().sizeBytes())
        : OptionalLong.empty();
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    if (type == ObjectType.CONFIG) {
      lengthIfThere(ObjectKey.CONFIG)
          .ifPresent(length -> each.accept(new ObjectInfo(ObjectKey.CONFIG, length)));
      return;
    }
    List<ObjectInfo> found = new ArrayList<>();
    String folder = path(type.folder());
    if (type == ObjectType.PACK) {
      List<String> folders = new ArrayList<>();
      list(
          folder,
          (name, attributes) -> {
            if (name.matches("[0-9a-f]{2}")) {
              folders.add(folder + "/" + name);
            }
          });
      for (String packs : folders) {
        list(packs, entries(type, found));
      }
    } else {
      list(folder, entries(type, found));
    }
    found.forEach(each);
  }

  private static SftpSession.Entries entries(ObjectType type, List<ObjectInfo> found) {
    return (name, attributes) ->
        Hash.parse(name)
            .filter(id -> attributes.isRegular())
            .ifPresent(
                id -> found.add(new ObjectInfo(new ObjectKey(type, id), attributes.sizeBytes())));
  }

  private void list(String folder, SftpSession.Entries each) {
    run(
        "list " + folder,
        files -> {
          try {
            files.list(folder, each);
          } catch (SftpException e) {
            if (e.code() != SftpException.NO_SUCH_FILE) {
              throw e;
            }
          }
          return true;
        });
  }

  @Override
  public void delete(ObjectKey key) {
    ifThere(
        "delete " + key,
        files -> {
          files.remove(path(key));
          return true;
        });
  }

  @Override
  public synchronized void close() {
    SftpSession open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  /// Runs a call on an object; empty if there is no such object.
  private <T> Optional<T> ifThere(String doing, Call<T> call) {
    return run(
        doing,
        files -> {
          try {
            return Optional.of(call.on(files));
          } catch (SftpException e) {
            if (e.code() == SftpException.NO_SUCH_FILE) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  private <T> T run(String doing, Call<T> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted while trying to " + doing);
    }
    try {
      return call.on(session());
    } catch (SftpException e) {
      throw refused(doing, e);
    } catch (IOException e) {
      throw new Transient(
          "cannot %s: the connection to %s broke: %s"
              .formatted(doing, address.host(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while trying to " + doing);
    }
  }

  private HoldfastException refused(String doing, SftpException reason) {
    String hint =
        reason.code() == SftpException.PERMISSION_DENIED
            ? "check the rights of the user on the server"
            : "see whether the server's disk is full and the folder is where the address says";
    return new InputOutput(
        "%s cannot %s: %s".formatted(location(), doing, reason.getMessage()), hint, reason);
  }

  /// The connection; a new one if there is none that works.
  private synchronized SftpSession session() throws InterruptedException {
    SftpSession open = session;
    if (open != null && !open.isBroken()) {
      return open;
    }
    close();
    try {
      SftpSession made = SftpSession.start(command, stuckAfter);
      session = made;
      everConnected = true;
      return made;
    } catch (IOException e) {
      String message = "cannot connect to %s: %s".formatted(location(), e.getMessage());
      // A mistake in the address or the login does not go away; an outage of what worked may.
      throw everConnected
          ? new Transient(message, e)
          : new InputOutput(
              message,
              "see whether '" + String.join(" ", command) + "' connects without questions",
              e);
    }
  }
}
