package dev.holdfast.posix;

import java.time.Duration;
import java.time.Instant;

/// What the system knows of a file.
///
/// @param mode the low twelve bits of `st_mode`: permissions, set-id bits, sticky bit
/// @param uid the owner, unsigned 32 bits
/// @param gid the group, unsigned 32 bits
/// @param deviceId the device that holds the file, in the C library's `dev_t` encoding
/// @param rdev of a device node: the device it stands for, in the same encoding
/// @param blocks512 what is allocated, in units of 512 bytes
/// @param mtimeSeconds seconds since 1970; the nanoseconds beside it are 0 to 999,999,999 and count
///   forward, before 1970 too
public record FileStat(
    FileType type,
    int mode,
    long uid,
    long gid,
    long inode,
    long deviceId,
    long rdev,
    long links,
    long sizeBytes,
    long blocks512,
    long mtimeSeconds,
    int mtimeNanos,
    long atimeSeconds,
    int atimeNanos,
    long ctimeSeconds,
    int ctimeNanos) {
  /// The clocks of file systems tick this seldom; those that count whole seconds by the second.
  private static final Duration TICK = Duration.ofMillis(100);

  private static final Duration COARSE_TICK = Duration.ofSeconds(2);

  public boolean isRegular() {
    return type == FileType.REGULAR;
  }

  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  public boolean isSymlink() {
    return type == FileType.SYMLINK;
  }

  /// Whether both are the same inode of the same device.
  public boolean isSameFile(FileStat other) {
    return inode == other.inode && deviceId == other.deviceId;
  }

  /// When the file or what the system knows of it last changed, which nobody can date back.
  public Instant changeTime() {
    return Instant.ofEpochSecond(ctimeSeconds, ctimeNanos);
  }

  /// Whether the last change is so long ago that another one after `now` cannot carry the same
  /// time.
  public boolean hasSettled(Instant now) {
    Duration tick = ctimeNanos == 0 ? COARSE_TICK : TICK;
    return Duration.between(changeTime(), now).compareTo(tick) >= 0;
  }
}
