/// Apps: what belongs to one becomes one backup, and what its snapshots are compared with.
///
/// Knows the configuration, sources and backups; nothing of commands. Open
/// [dev.holdfast.engine.app.AppBackup] first.
@NullMarked
package dev.holdfast.engine.app;

import org.jspecify.annotations.NullMarked;
