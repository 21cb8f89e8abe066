/// Mending a damaged repository: for the index, for packs and for snapshots a plan that is shown
/// first, and its execution, which replaces before it removes and keeps a copy of what goes.
///
/// Finds no damage by itself: that is what a check does. Open
/// [dev.holdfast.repository.repair.IndexRepair] first.
@NullMarked
package dev.holdfast.repository.repair;

import org.jspecify.annotations.NullMarked;
