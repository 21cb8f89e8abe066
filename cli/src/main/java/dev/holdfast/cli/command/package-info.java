/// The commands, one class each: arguments in, calls of the engine, text or JSON out.
///
/// Restic's words, layouts and JSON shapes where restic has the command. Open
/// [dev.holdfast.cli.command.Commands] first.
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
