/// The operating system's file calls that Java does not offer: byte-exact names, calls relative to
/// an open directory, extended attributes, device nodes, unnamed temporary files, lock probes.
///
/// Knows nothing of backups and repositories. Linux with glibc 2.33 or newer, x86-64 and aarch64;
/// every call is a thin binding that turns `errno` into a [dev.holdfast.posix.PosixException]. The
/// first call of a process costs 20 to 60 ms, so what must start fast keeps to `java.nio`.
///
/// Open [dev.holdfast.posix.Posix] first, then [dev.holdfast.posix.OsString].
@NullMarked
package dev.holdfast.posix;

import org.jspecify.annotations.NullMarked;
