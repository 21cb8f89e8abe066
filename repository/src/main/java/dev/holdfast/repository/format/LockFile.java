package dev.holdfast.repository.format;

import java.time.OffsetDateTime;

/// A lock file (format sheet, section 10).
///
/// @param time when the lock was taken or last refreshed
/// @param exclusive whether nobody else may use the repository
/// @param pid process that holds it
/// @param uid zero is written as absent, as Go does
/// @param gid zero is written as absent, as Go does
public record LockFile(
    OffsetDateTime time,
    boolean exclusive,
    String hostname,
    String username,
    long pid,
    long uid,
    long gid) {}
