package dev.holdfast.repository.lock;

/// Who holds a lock, as lock files say it.
///
/// @param hostname as the kernel has it, which is what restic compares
/// @param uid numeric user id, 0 to 4294967295
/// @param gid numeric group id, 0 to 4294967295
public record Holder(String hostname, String username, long pid, long uid, long gid) {}
