/// The operating system's file calls that Java does not offer: byte-exact names, calls relative to
/// an open directory, extended attributes, device nodes, unnamed temporary files, lock probes.
///
/// Knows nothing of backups. Linux only; every call is a thin binding that turns `errno` into a
/// [dev.holdfast.posix.PosixException].
@NullMarked
package dev.holdfast.posix;

import org.jspecify.annotations.NullMarked;
