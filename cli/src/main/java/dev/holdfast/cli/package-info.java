/// The command line program: entry points and composition root.
///
/// The only place that names concrete stores and sources; every other package of the program takes
/// them through [dev.holdfast.cli.setup.Session]. Open [dev.holdfast.cli.Program] first.
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
