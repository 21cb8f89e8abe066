/// Tests of what is printed.
@NullMarked
package dev.holdfast.cli.terminal;

import org.jspecify.annotations.NullMarked;
