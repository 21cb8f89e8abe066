package dev.holdfast.posix;

/// One name in a directory.
///
/// @param name the name, as [OsString] has it; never `.` or `..`
/// @param type a hint from the directory: [FileType#UNKNOWN] where the file system does not say
public record DirEntry(String name, FileType type) {}
