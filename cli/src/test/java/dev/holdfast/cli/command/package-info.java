/// Tests of the commands, each through the whole program.
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
