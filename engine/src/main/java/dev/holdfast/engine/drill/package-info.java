/// Rehearsals of a recovery: staged and verified as `recover` does it, in a scratch place, whatever
/// state the live app is in, with the app's own checks; measured, and recorded in the repository.
///
/// Knows recoveries and what an app wants proven, no command line. Open
/// [dev.holdfast.engine.drill.Drill] first.
@NullMarked
package dev.holdfast.engine.drill;

import org.jspecify.annotations.NullMarked;
