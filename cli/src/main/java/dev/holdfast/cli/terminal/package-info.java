/// What people and scripts see: text, tables, JSON lines and progress, on standard output and
/// standard error.
///
/// Knows nothing of commands and repositories; the only package that touches the standard streams.
/// Open [dev.holdfast.cli.terminal.Console] first.
@NullMarked
package dev.holdfast.cli.terminal;

import org.jspecify.annotations.NullMarked;
