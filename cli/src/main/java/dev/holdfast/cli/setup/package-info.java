/// What every command starts from: global options, environment, passwords, and the opened
/// repository.
///
/// Knows no command. Open [dev.holdfast.cli.setup.Session] first.
@NullMarked
package dev.holdfast.cli.setup;

import org.jspecify.annotations.NullMarked;
