/// Commands of a person's own around a backup: run with a time limit, told what happens by
/// variables, their output passed on line by line. Knows nothing of how a backup is made. Open
/// [dev.holdfast.engine.hook.HookedRun] first.
@NullMarked
package dev.holdfast.engine.hook;

import org.jspecify.annotations.NullMarked;
