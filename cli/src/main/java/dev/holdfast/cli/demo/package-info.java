/// The demonstration: a small application that keeps writing while it is backed up.
///
/// Runs the program's own commands and knows nothing else of them. Open
/// [dev.holdfast.cli.demo.Demonstration] first.
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
