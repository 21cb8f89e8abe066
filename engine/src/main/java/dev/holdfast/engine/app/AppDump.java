package dev.holdfast.engine.app;

import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.source.VirtualFile;

/// A database of a server, or what its databases have in common, as a file of the snapshot.
///
/// @param label what it is called
/// @param file where it lies, and where it comes from
public record AppDump(BackupSubject.Label label, VirtualFile file) {}
