package dev.holdfast.posix;

/// How full a file system is.
///
/// @param type the magic number of `statfs(2)`
/// @param totalBytes its size
/// @param availableBytes what an unprivileged process may still write
public record FileSystemStat(long type, long totalBytes, long availableBytes) {}
