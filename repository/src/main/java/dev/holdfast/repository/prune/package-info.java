/// Removing what no snapshot needs: first a plan, which is a value, then its execution in an order
/// that can be broken off at any moment (format sheet, section 11).
///
/// Knows snapshots only as roots of trees; does not decide which snapshots are kept. Open
/// [dev.holdfast.repository.prune.Pruner] first.
@NullMarked
package dev.holdfast.repository.prune;

import org.jspecify.annotations.NullMarked;
