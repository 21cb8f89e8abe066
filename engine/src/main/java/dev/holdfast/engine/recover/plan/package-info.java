/// What a recovery is going to do, as values: the plan, its preview, and where it came from.
///
/// Making a plan reads and changes nothing. Open [dev.holdfast.engine.recover.plan.Plan] first.
@NullMarked
package dev.holdfast.engine.recover.plan;

import org.jspecify.annotations.NullMarked;
