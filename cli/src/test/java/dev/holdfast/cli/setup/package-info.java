/// Tests of options and environment.
@NullMarked
package dev.holdfast.cli.setup;

import org.jspecify.annotations.NullMarked;
