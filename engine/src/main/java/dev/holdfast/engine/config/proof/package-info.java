/// What an owner wants proven of an app's backups: checks of what is in them, how often a backup
/// and a drill are due, and where copies are.
///
/// Says what is wanted, does none of it. Open [dev.holdfast.engine.config.proof.Proof] first.
@NullMarked
package dev.holdfast.engine.config.proof;

import org.jspecify.annotations.NullMarked;
