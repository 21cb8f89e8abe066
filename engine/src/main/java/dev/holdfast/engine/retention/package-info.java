/// Which snapshots a policy keeps, and why: decisions as values, made from times and tags alone.
///
/// Knows no repository and deletes nothing. Open [dev.holdfast.engine.retention.KeepRules] first.
@NullMarked
package dev.holdfast.engine.retention;

import org.jspecify.annotations.NullMarked;
