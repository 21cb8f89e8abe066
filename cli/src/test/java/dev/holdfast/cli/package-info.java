/// Tests of the command line, in the process of the test. Open [dev.holdfast.cli.Run] first.
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
